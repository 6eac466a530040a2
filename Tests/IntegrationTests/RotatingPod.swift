import Foundation
import TestSupport
import Testing

/// A pod whose certificates change while Patroni runs; a script that counts reloads stands in its place.
final class RotatingPod {
  let home: TemporaryDirectory
  let volume: SecretVolume

  /// Where the copies in use are.
  var staged: String { tls + "/current" }
  /// Where all copies are.
  var tls: String { home.path + "/.postgresql-tls" }

  /// Begins with a first set, which is mounted.
  init() throws {
    home = try TemporaryDirectory()
    volume = try SecretVolume(at: home.path + "/mounted")
    try home.writeScript("patroni", "#!/bin/sh\n" + Self.listening)
    try generate("first")
    try volume.publish(home.path + "/first")
  }

  /// A script that is told to reload, and says so.
  static let listening = "trap 'echo reloaded' HUP\necho started\nwhile :; do sleep 0.05; done\n"

  /// Certificates of the script; a second set in the same directory has the same authority.
  func generate(_ name: String, from other: String? = nil, step: String? = nil) throws {
    let directory = home.path + "/" + name
    if let other { try Command.output(["cp", "-a", home.path + "/" + other, directory]) }
    try Command.output(
      [Repository.root + "/scripts/generate-ssl-certs.sh"] + (step.map { [$0] } ?? []),
      environment: ["PATH": "/usr/bin:/bin", "CLUSTER_NAME": "demo", "OUTPUT_DIR": directory]
    )
  }

  var environment: [String: String] {
    [
      "PATH": "\(home.path):/usr/bin:/bin", "HOME": home.path, "PATRONI_SCOPE": "demo",
      "PATRONI_NAME": "one", "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379",
      "PGSSLMODE": "verify-ca", "PGSSLROOTCERT": volume.path + "/ca.crt",
      "PGSSLCERT": volume.path + "/server.crt", "PGSSLKEY": volume.path + "/server.key",
    ]
  }

  func command(output: String? = nil) -> [String] {
    [Repository.releaseBinary, "--output", output ?? home.path + "/patroni.yml"]
  }

  func start(
    _ wrapper: [String] = [],
    adding more: [String: String] = [:],
    output: String? = nil
  ) throws -> BackgroundProcess {
    let process = try BackgroundProcess(
      wrapper + command(output: output),
      environment: environment.merging(more) { $1 }
    )
    #expect(eventually(within: 20) { process.output.contains("started") }, "\(process.errors)")
    return process
  }

  func serial(_ path: String) throws -> String {
    try Command.output(["openssl", "x509", "-in", path, "-noout", "-serial"])
  }

  /// Whether the copies in use are the set of that name.
  ///
  /// All are opened: who opens a certificate only is waited for, as if a key were to follow, and a key alone
  /// looks like the one that was waited for.
  func isInUse(_ name: String) -> Bool {
    func contents(_ directory: String) -> [[UInt8]?] {
      ["ca.crt", "server.crt", "server.key"].map { Self.content(of: directory + "/" + $0) }
    }
    return contents(staged) == contents(home.path + "/" + name)
  }

  /// What is in a file, opened as OpenSSL does it: that waits where Foundation would not.
  static func content(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
  }

  /// Mounts a set, and waits until it is in use.
  func rotate(to name: String, within seconds: Double = 10) throws -> Bool {
    try volume.publish(home.path + "/" + name)
    return eventually(within: seconds) { isInUse(name) }
  }
}

extension BackgroundProcess {
  /// How often the script was told to reload.
  var reloads: Int { output.split(separator: "\n").count { $0 == "reloaded" } }

  /// The child that keeps the process which looks after the certificates.
  var keeper: pid_t? { Self.named("certificates", below: identifier) }

  /// The process that looks after the certificates.
  var watcher: pid_t? { keeper.flatMap { Self.named("certificates", below: $0) } }

  private static func named(_ name: String, below parent: pid_t) -> pid_t? {
    func find() -> pid_t? {
      children(of: parent).first { child in
        (try? String(contentsOfFile: "/proc/\(child)/comm", encoding: .utf8)) == name + "\n"
      }
    }
    _ = eventually(within: 10) { find() != nil }
    return find()
  }
}
