import Foundation
import TestSupport
import Testing

/// A pod whose settings change while Patroni runs; a script that counts reloads stands in its place.
final class LivePod {
  let home: TemporaryDirectory
  let settings: SecretVolume
  let certificates: SecretVolume
  private(set) var process: BackgroundProcess?
  private var environment: [String: String] = [:]
  private var number = 0

  /// patroni.yml.
  var path: String { home.path + "/patroni.yml" }
  var file: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
  var errors: String { process?.errors ?? "" }
  var reloads: Int { process?.reloads ?? 0 }

  init() throws {
    home = try TemporaryDirectory(below: TemporaryDirectory.memory)
    settings = try SecretVolume(at: home.path + "/settings")
    certificates = try SecretVolume(at: home.path + "/certificates")
    try home.writeScript("patroni", "#!/bin/sh\n" + RotatingPod.listening)
    try home.makeDirectory("next")
    try home.writeScript("next/patroni", "#!/bin/sh\nexit 0\n")
    try home.write("super", "Sup3r-pw\n")
  }

  /// Makes a set of certificates for nodes that are known by `name`.
  func makeCertificates(_ set: String, named name: String) throws {
    let directory = try home.makeDirectory(set)
    let authority = try TestCertificate(.authority("authority of \(set)"), key: TestKey(.p256))
    var recipe = CertificateRecipe()
    recipe.commonNames = [name]
    let certificate = try TestCertificate(recipe, key: TestKey(.p256), issuer: authority)
    for (file, text) in [
      ("ca.crt", authority.pem), ("server.crt", certificate.pem),
      ("server.key", certificate.key.pkcs8),
    ] {
      try home.write("\(set)/\(file)", text)
    }
    _ = directory
  }

  func mount(_ set: String) throws {
    try certificates.publish(home.path + "/" + set)
  }

  /// Brings settings to the pod as the kubelet does, all at once; others are gone.
  func write(_ values: [String: String]) throws {
    let source = try home.makeDirectory("source-\(number)")
    number += 1
    for (name, text) in values {
      try text.write(toFile: source + "/" + name, atomically: false, encoding: .utf8)
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: settings.path)
    where !name.hasPrefix(".") && values[name] == nil {
      try FileManager.default.removeItem(atPath: settings.path + "/" + name)
    }
    try settings.publish(source, names: values.keys.sorted())
    try FileManager.default.removeItem(atPath: source)
  }

  /// Starts it, with more in its environment.
  func start(_ more: [String: String] = [:], _ wrapper: [String] = []) throws {
    environment = [
      "PATH": "\(home.path):/usr/bin:/bin", "HOME": home.path, "PATRONI_NAME": "one",
      "PATRONI_SCOPE": "demo", "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379",
      "PATRONI_SUPERUSER_PASSWORD_FILE": home.path + "/super",
      "PATRONI_REPLICATION_PASSWORD": "R3pl-pw", "SETTINGS_DIRECTORY": settings.path,
      "PGSSLROOTCERT": certificates.path + "/ca.crt",
      "PGSSLCERT": certificates.path + "/server.crt",
      "PGSSLKEY": certificates.path + "/server.key",
    ].merging(more) { $1 }
    let process = try BackgroundProcess(
      wrapper + [Repository.releaseBinary, "--output", path],
      environment: environment
    )
    self.process = process
    try #require(eventually(within: 20) { process.output.contains("started") }, "\(process.errors)")
    try #require(eventually(within: 20) { status != nil }, "\(process.errors)")
  }

  /// What the watcher says of itself.
  var status: String? {
    process.flatMap {
      let path = "\(home.path)/.postgresql-tls/watcher.\($0.identifier)"
      return try? String(contentsOfFile: path, encoding: .utf8)
    }
  }

  /// What the program says beside the one that runs, as in the same container.
  func ask(_ option: String) throws -> CommandResult {
    // The image's home directory counts where there is one.
    let script = "mount -t tmpfs none /home && exec \"$@\""
    return try Command.run(
      ["unshare", "--mount", "sh", "-c", script, "sh", Repository.releaseBinary, option],
      environment: environment
    )
  }

  /// What a start would write now; nil when it would refuse.
  func nextFile() throws -> String? {
    let output = home.path + "/next/patroni.yml"
    let result = try Command.run(
      [Repository.releaseBinary, "--output", output],
      environment: environment.merging([
        "PATH": "\(home.path)/next:/usr/bin:/bin", "HOME": home.path + "/next",
      ]) { $1 }
    )
    guard result.exitCode == 0 else { return nil }
    return try String(contentsOfFile: output, encoding: .utf8)
      .replacing(home.path + "/next/", with: home.path + "/")
  }

  /// Whether the certificates in use are those of a set.
  func copiesAre(_ set: String) -> Bool {
    RotatingPod.content(of: home.path + "/.postgresql-tls/current/server.crt")
      == RotatingPod.content(of: "\(home.path)/\(set)/server.crt")
  }

  /// What was said since `mark`, a number of characters.
  func said(since mark: Int) -> String { String(errors.dropFirst(mark)) }
}
