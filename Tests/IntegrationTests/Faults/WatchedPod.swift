import Foundation
import TestSupport
import Testing

/// A pod with a certificate watcher, two sets of certificates to change between, and a script in the place of
/// Patroni.
final class WatchedPod {
  private static let files = ["ca.crt", "server.crt", "server.key"]

  private let home: TemporaryDirectory
  private let volume: SecretVolume
  private(set) var process: BackgroundProcess
  /// The set that is mounted.
  private(set) var mounted = "first"

  init() throws {
    home = try TemporaryDirectory(below: TemporaryDirectory.memory)
    volume = try SecretVolume(at: home.path + "/mounted")
    let script = "#!/bin/sh\ntrap : HUP\necho started\nwhile :; do sleep 0.05; done\n"
    try home.writeScript("patroni", script)
    for set in ["first", "second"] {
      try Command.output(
        [Repository.root + "/scripts/generate-ssl-certs.sh"],
        environment: [
          "PATH": "/usr/bin:/bin", "CLUSTER_NAME": "demo", "OUTPUT_DIR": home.path + "/" + set,
        ]
      )
    }
    try volume.publish(home.path + "/first")
    process = try Self.start(home, volume)
  }

  private static func start(
    _ home: TemporaryDirectory,
    _ volume: SecretVolume
  ) throws -> BackgroundProcess {
    let process = try BackgroundProcess(
      [Repository.releaseBinary, "--output", home.path + "/patroni.yml"],
      environment: [
        "PATH": "\(home.path):/usr/bin:/bin", "HOME": home.path, "PATRONI_SCOPE": "demo",
        "PATRONI_NAME": "one", "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379",
        "PGSSLMODE": "verify-ca", "PGSSLROOTCERT": volume.path + "/ca.crt",
        "PGSSLCERT": volume.path + "/server.crt", "PGSSLKEY": volume.path + "/server.key",
      ]
    )
    try #require(eventually { process.output.contains("started") }, "\(process.errors)")
    return process
  }

  /// Ends everything, and starts again with the mounted set.
  func restart() throws {
    process.stop(SIGKILL)
    process = try Self.start(home, volume)
  }

  /// The process that watches.
  func watcher() throws -> pid_t { try #require(process.watcher) }

  /// Mounts the other set.
  func change() throws {
    mounted = mounted == "first" ? "second" : "first"
    try volume.publish(home.path + "/" + mounted)
  }

  /// Mounts the same set anew, which the watcher notices.
  func touch() throws {
    try volume.publish(home.path + "/" + mounted)
  }

  /// Whether the mounted set is the one in use.
  var isInUse: Bool { wholeSet(in: home.path + "/.postgresql-tls/current") == mounted }

  /// Which whole set is in a directory; nil when there is none.
  private func wholeSet(in directory: String) -> String? {
    ["first", "second"].first { set in
      Self.files.allSatisfy { name in
        let staged = RotatingPod.content(of: directory + "/" + name)
        return staged != nil && staged == RotatingPod.content(of: "\(home.path)/\(set)/\(name)")
      }
    }
  }

  /// What is wrong with the copies: the set in use is not whole, a key is not 0600, or something is left over
  /// besides `sets` of them.
  func faultsOfCopies(sets most: Int = 2, whileWriting: Bool = false) throws -> [String] {
    let tls = home.path + "/.postgresql-tls"
    let snapshot = try DirectorySnapshot(of: tls)
    var faults = wholeSet(in: tls + "/current") == nil ? ["the set in use is not whole"] : []
    for (name, entry) in snapshot.entries {
      if case .file(_, let mode) = entry, mode != 0o600 {
        faults.append("\(name) is open to others")
      }
      if !whileWriting, name.hasSuffix(".new") { faults.append("\(name) is left over") }
    }
    let sets = snapshot.entries.keys.filter { $0.hasPrefix("set-") && !$0.contains("/") }
    if !whileWriting, sets.count > most { faults.append("\(sets) are too many") }
    return faults
  }
}
