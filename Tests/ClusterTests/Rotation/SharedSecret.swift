import Foundation
import TestSupport

/// The Secret with a cluster's certificates, which `scripts/generate-ssl-certs.sh` makes.
final class SharedSecret {
  /// Whoever has it mounted.
  private(set) var mounts: [SecretMount] = []
  /// The script's files.
  let directory: String
  private let scope: String

  /// Makes certificates for cluster `scope`, the authority's key among them, in `directory`.
  init(_ scope: String, in directory: String) throws {
    self.scope = scope
    self.directory = directory
    try generate()
  }

  /// What it holds now.
  var files: CertificateFiles {
    CertificateFiles(
      authority: directory + "/ca.crt",
      certificate: directory + "/server.crt",
      key: directory + "/server.key"
    )
  }

  /// The serial number of the certificate in it, in hexadecimal.
  var serial: String {
    get throws { try SerialNumber.of(certificate: files.certificate) }
  }

  /// Renews the certificate, or takes a step of replacing the authority.
  ///
  /// - Parameter cn: what nodes are called from now on; nil leaves it.
  func generate(_ step: String..., cn: String? = nil) throws {
    var environment = ["PATH": "/usr/bin:/bin", "CLUSTER_NAME": scope, "OUTPUT_DIR": directory]
    environment["NODE_CN"] = cn
    try Command.output(
      [Repository.root + "/scripts/generate-ssl-certs.sh"] + step,
      environment: environment
    )
  }

  /// Copies it to `path`, the authority's key included, for changes that are nobody else's.
  func copy(to path: String) throws -> SharedSecret {
    try Command.output(["cp", "-a", directory, path])
    return try SharedSecret(copied: scope, in: path)
  }

  private init(copied scope: String, in directory: String) throws {
    self.scope = scope
    self.directory = directory
  }

  /// Mounts it at `path` in a pod with that fsGroup.
  func mount(at path: String, group: gid_t) throws -> SecretMount {
    let mount = try SecretMount(at: path, group: group)
    try publish(to: mount)
    mounts.append(mount)
    return mount
  }

  /// Brings what it holds now to `mount`, as the kubelet does.
  func publish(to mount: SecretMount) throws {
    try mount.volume.publish(directory, group: mount.group)
  }
}

/// A Secret in a pod.
final class SecretMount {
  let volume: SecretVolume
  let group: gid_t

  init(at path: String, group: gid_t) throws {
    volume = try SecretVolume(at: path)
    self.group = group
  }

  /// Where programs in the pod find the certificates.
  var files: CertificateFiles {
    CertificateFiles(
      authority: volume.path + "/ca.crt",
      certificate: volume.path + "/server.crt",
      key: volume.path + "/server.key"
    )
  }
}
