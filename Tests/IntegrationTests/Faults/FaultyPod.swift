import Foundation
import TestSupport

/// A pod for starts in which one system call goes wrong, with a script in the place of Patroni.
final class FaultyPod {
  /// What kind of pod.
  enum Kind: String, CaseIterable {
    /// Passwords from a variable and from a file, and a passfile.
    case passwords
    /// The same for a user without an entry in /etc/passwd.
    case unknownUser
    /// Certificates where they are mounted, a password that is dropped with a note, the operator's own
    /// settings in a directory, and a data directory that its group may write to.
    case certificates
    /// The same with settings from a directory.
    case settings
    /// Certificates that are copied first, and a process that watches the mounted ones; an earlier start
    /// has left others in use, and one that was killed has left a piece.
    case rotation
    /// A self-signed certificate that is made.
    case selfSigned
    /// One that is there.
    case selfSignedBefore
  }

  private static let secrets = [
    "Sup3r-pw", "R3plication-pw", "Appl1cation-pw", "Ld4p-pw", "PRIVATE KEY-----",
  ]

  let kind: Kind
  let home: TemporaryDirectory
  let mounted: TemporaryDirectory
  /// The home directory before a start.
  private(set) var before: DirectorySnapshot
  /// The home directory after a start without a fault.
  private(set) var after: DirectorySnapshot
  private let oldPasswd = "root:x:0:0:root:/root:/bin/sh\n"

  init(_ kind: Kind) throws {
    self.kind = kind
    home = try TemporaryDirectory(below: TemporaryDirectory.memory)
    mounted = try TemporaryDirectory(below: TemporaryDirectory.memory)
    before = try DirectorySnapshot(of: home.path)
    after = before
    try mounted.writeScript("patroni", "#!/bin/sh\necho started\n")
    try mounted.write("password", "Sup3r-pw\n", mode: 0o400)
    try mounted.write("passfile", "*:*:*:app:Appl1cation-pw\n", mode: 0o400)
    try mounted.makeDirectory("own")
    let record = "host all all all ldap ldapserver=x ldapbasedn=y ldapbindpasswd=Ld4p-pw"
    try mounted.write("own/records.yml", "postgresql: {pg_hba: ['\(record)']}\n")
    try mounted.makeDirectory("data")
    try mounted.makeDirectory("settings")
    try mounted.write("settings/CLIENT_AUTH", "scram-sha-256\n")
    try mounted.write("settings/PATRONI_REPLICATION_PASSWORD", "R3plication-pw\n")
    try makeCertificates()
    try giveToUser(mounted.path)
    try giveToUser(home.path)
    try prepare()
    after = try snapshotAfterStart()
  }

  /// Leaves what an earlier start would.
  private func prepare() throws {
    if kind == .rotation || kind == .selfSignedBefore {
      _ = try snapshotAfterStart()
      // From now on others are mounted.
      try makeCertificates()
    }
    try home.write("patroni.yml", "old\n", mode: 0o600)
    if writesPassfile { try home.write(".pgpass", "old\n", mode: 0o600) }
    if kind == .rotation {
      try home.makeDirectory(".postgresql-tls/set-7")
      try home.write(".postgresql-tls/set-7/server.key", "old\n", mode: 0o600)
    }
    before = try DirectorySnapshot(of: home.path)
    try reset()
  }

  private func snapshotAfterStart() throws -> DirectorySnapshot {
    let result = try start([])
    guard result.output == "started\n" else { throw CommandFailure(description: "\(result)") }
    return try DirectorySnapshot(of: home.path)
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

  /// The user that the pod runs as.
  private var user: Int { kind == .unknownUser ? 4242 : 0 }

  private func giveToUser(_ path: String) throws {
    try Command.output(["chown", "-R", "\(user):\(user)", path])
  }

  private var writesPassfile: Bool { kind == .passwords || kind == .unknownUser }

  var dataDirectory: String { mounted.path + "/data" }

  var environment: [String: String] {
    let common = [
      "PATH": "\(mounted.path):/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home.path,
      "PATRONI_SCOPE": "demo", "PATRONI_NAME": "one", "POD_IP": "192.0.2.1",
      "PATRONI_ETCD3_HOSTS": "etcd:2379", "PATRONI_REPLICATION_PASSWORD": "R3plication-pw",
      "PATRONI_SUPERUSER_PASSWORD_FILE": mounted.path + "/password",
    ]
    let files = [
      "PGSSLROOTCERT": mounted.path + "/ca.crt", "PGSSLCERT": mounted.path + "/server.crt",
      "PGSSLKEY": mounted.path + "/server.key", "PGSSLMODE": "verify-full",
    ]
    let more: [String: String] =
      switch kind {
      case .passwords:
        [
          "NODE_PASSFILE": mounted.path + "/passfile", "PGSSLMODE": "disable",
          "SETTINGS_RELOAD": "off",
        ]
      case .unknownUser:
        [
          "NODE_PASSFILE": mounted.path + "/passfile", "PGSSLMODE": "disable",
          "SETTINGS_RELOAD": "off", "PATRONI_POSTGRESQL_DATA_DIR": dataDirectory,
        ]
      case .settings:
        ["SETTINGS_DIRECTORY": mounted.path + "/settings", "PGSSLMODE": "disable"]
      case .certificates:
        files.merging([
          "CERTIFICATE_RELOAD": "off", "SETTINGS_RELOAD": "off",
          "PATRONI_CONFIGURATION_FILE": mounted.path + "/own",
          "PATRONI_POSTGRESQL_DATA_DIR": dataDirectory,
        ]) { $1 }
      case .rotation: files.merging(["SETTINGS_RELOAD": "off"]) { $1 }
      case .selfSigned, .selfSignedBefore:
        ["PGSSLMODE": "require", "SETTINGS_RELOAD": "off"]
      }
    return common.merging(more) { $1 }
  }

  var command: [String] { [Repository.releaseBinary, "--output", home.path + "/patroni.yml"] }

  /// What a start is run in: a place where /etc/passwd is the pod's, as the pod's user.
  var sandbox: [String] {
    guard kind == .unknownUser else { return [] }
    let script = "mount --bind \(passwdFile) /etc/passwd && exec \"$@\""
    return ["unshare", "--mount", "sh", "-c", script, "sh"]
      + ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
  }

  private var passwdFile: String { mounted.path + "/passwd" }

  func start(_ wrapper: [String]) throws -> CommandResult {
    try Command.run(sandbox + wrapper + command, environment: environment)
  }

  /// Takes away what the last start left, and puts back what was there before.
  func reset() throws {
    try before.restore(to: home.path, owner: user)
    try FileManager.default.setAttributes([.posixPermissions: 0o770], ofItemAtPath: dataDirectory)
    try oldPasswd.write(toFile: passwdFile, atomically: false, encoding: .utf8)
  }

  /// Whether /etc/passwd is whole, with an entry of the user or without.
  func passwdIsWhole() throws -> Bool {
    let new = "postgres:x:\(user):\(user):PostgreSQL:\(home.path):/sbin/nologin\n"
    let text = try String(contentsOfFile: passwdFile, encoding: .utf8)
    return text == oldPasswd || text == oldPasswd + new
  }

  static func hasSecret(_ text: String) -> Bool { secrets.contains { text.contains($0) } }
}
