import Foundation
import TestSupport

/// A pod for starts in which one system call goes wrong, with a script in the place of Patroni.
struct FaultyPod {
  /// What kind of pod.
  enum Kind: String, CaseIterable {
    /// Passwords from a variable and from a file, and a passfile.
    case passwords
    /// Certificates where they are mounted, and a password that is dropped with a note.
    case certificates
    /// Certificates that are copied first, and a process that watches the mounted ones.
    case rotation
  }

  /// What `reset` puts in the place of a file, or nil where it leaves none.
  static func oldContent(_ name: String) -> String? { name.contains("/") ? nil : "old\n" }
  private static let secrets = ["Sup3r-pw", "R3plication-pw", "Appl1cation-pw"]

  let kind: Kind
  let home: TemporaryDirectory
  let mounted: TemporaryDirectory
  /// The files that a start writes, and what is in them afterwards.
  private(set) var written: [String: String] = [:]

  init(_ kind: Kind) throws {
    self.kind = kind
    home = try TemporaryDirectory()
    mounted = try TemporaryDirectory()
    try mounted.writeScript("patroni", "#!/bin/sh\necho started\n")
    try mounted.write("password", "Sup3r-pw\n", mode: 0o400)
    try mounted.write("passfile", "*:*:*:app:Appl1cation-pw\n", mode: 0o400)
    try makeCertificates()
    try Command.output(command, environment: environment)
    for name in try files() {
      written[name] = try String(contentsOfFile: home.path + "/" + name, encoding: .utf8)
    }
  }

  private func makeCertificates() throws {
    let names = "subjectAltName=DNS:*.demo.default.svc.cluster.local,DNS:localhost"
    let make = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-days", "365",
    ]
    for words in [
      ["-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.crt"],
      [
        "-subj", "/CN=*.demo.default.svc.cluster.local", "-CA", "ca.crt", "-CAkey", "ca.key",
        "-addext", "basicConstraints=critical,CA:FALSE", "-addext",
        "extendedKeyUsage=serverAuth,clientAuth", "-addext", names, "-keyout", "server.key", "-out",
        "server.crt",
      ],
    ] {
      try Command.output(make + words, directory: mounted.path)
    }
    try Command.output(["chmod", "600", mounted.path + "/server.key"])
  }

  var environment: [String: String] {
    let common = [
      "PATH": "\(mounted.path):/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home.path,
      "PATRONI_SCOPE": "demo", "PATRONI_NAME": "one", "POD_IP": "192.0.2.1",
      "PATRONI_ETCD3_HOSTS": "etcd:2379", "PATRONI_REPLICATION_PASSWORD": "R3plication-pw",
      "PATRONI_SUPERUSER_PASSWORD_FILE": mounted.path + "/password",
    ]
    let more =
      switch kind {
      case .passwords: ["NODE_PASSFILE": mounted.path + "/passfile", "PGSSLMODE": "disable"]
      case .certificates, .rotation:
        [
          "CERTIFICATE_RELOAD": kind == .rotation ? "on" : "off", "PGSSLMODE": "verify-full",
          "PGSSLROOTCERT": mounted.path + "/ca.crt",
          "PGSSLCERT": mounted.path + "/server.crt", "PGSSLKEY": mounted.path + "/server.key",
        ]
      }
    return common.merging(more) { $1 }
  }

  var command: [String] { [Repository.releaseBinary, "--output", home.path + "/patroni.yml"] }

  func start(_ wrapper: [String]) throws -> CommandResult {
    try Command.run(wrapper + command, environment: environment)
  }

  /// Takes away what the last start left, and puts old files in the place of the written ones.
  func reset() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: home.path) {
      try FileManager.default.removeItem(atPath: home.path + "/" + name)
    }
    for name in written.keys {
      if let old = Self.oldContent(name) { try home.write(name, old, mode: 0o600) }
    }
  }

  /// Whether each file is whole, the old one or the new one, and copied certificates are a set.
  var isWhole: Bool {
    let copies = written.filter { $0.key.contains("/") }
    return written.allSatisfy {
      content($0.key) == $0.value || content($0.key) == Self.oldContent($0.key)
    }
      && [0, copies.count].contains(copies.filter { content($0.key) == $0.value }.count)
  }

  /// Whether each file is the new one.
  var isNew: Bool { written.allSatisfy { content($0.key) == $0.value } }

  /// The names of the regular files below the home directory.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: home.path).filter {
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: home.path + "/" + $0, isDirectory: &isDirectory)
        && !isDirectory.boolValue
    }
  }

  /// What is in a written file now.
  func content(_ name: String) -> String? {
    try? String(contentsOfFile: home.path + "/" + name, encoding: .utf8)
  }

  /// Files that hold a secret and that others could read.
  func exposedFiles() throws -> [String] {
    try files().filter { name in
      let path = home.path + "/" + name
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      return Self.hasSecret(content(name) ?? "") && mode != 0o600
    }
  }

  static func hasSecret(_ text: String) -> Bool { secrets.contains { text.contains($0) } }
}
