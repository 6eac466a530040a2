import Foundation
import TestSupport

/// A PostgreSQL server and libpq, which try what the program has judged.
///
/// Both run as user `postgres`, on a loopback address of their own. The server gets each set of files by a reload, and says
/// in its log when it refuses one; it would refuse to start with it, too.
final class TLSJudge {
  let directory: TemporaryDirectory
  let port: Int
  private let data: String
  private let log: String
  private let processIdentifier: Int32

  private static let binaries = PostgresServer.Installation.own.binaries
  /// One that no other process chooses, so that a port that is free stays so until the server listens.
  private static let address: String = {
    let number = getpid()
    return "127.\(64 + (number >> 16) % 64).\((number >> 8) % 256).\(number % 256)"
  }()

  init() throws {
    directory = try TemporaryDirectory()
    data = directory.path + "/data"
    log = directory.path + "/log"
    try Command.output(["chown", "postgres:postgres", directory.path])
    port = try Self.freePort()
    try Self.run([
      Self.binaries + "/initdb", "-D", data, "--auth=trust", "--no-sync", "--encoding=UTF8",
      "--locale=C.UTF-8",
    ])
    let settings = [
      "listen_addresses = '\(Self.address)'", "port = \(port)",
      "unix_socket_directories = '\(directory.path)'", "fsync = off", "ssl = off",
      "shared_buffers = '16MB'", "include = 'tls.conf'",
    ]
    let file = data + "/postgresql.conf"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try (text + settings.joined(separator: "\n") + "\n")
      .write(toFile: file, atomically: false, encoding: .utf8)
    try "".write(toFile: data + "/tls.conf", atomically: false, encoding: .utf8)
    try Self.run([Self.binaries + "/pg_ctl", "-D", data, "-w", "-s", "-l", log, "start"])
    let line = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
      .split(separator: "\n").first
    guard let line, let number = Int32(line) else {
      throw CommandFailure(description: "postmaster.pid has no number")
    }
    processIdentifier = number
  }

  deinit {
    _ = try? Self.run([Self.binaries + "/pg_ctl", "-D", data, "-s", "-m", "immediate", "stop"])
  }

  /// What came of a login with a set of files on both sides.
  struct Verdict {
    /// Whether the server took the files, and every login succeeded.
    let isAccepted: Bool
    /// What the server and psql said.
    let words: String
  }

  /// Has the server read the files in `folder` and these lines, and returns where its log ended before.
  private func load(
    _ folder: String,
    hasRevocationList: Bool,
    hba: [String],
    ident: [String]
  ) throws -> Int {
    let list = hasRevocationList ? folder + "/ca.crl" : ""
    let settings = [
      "ssl = on", "ssl_ca_file = '\(folder)/ca.crt'", "ssl_cert_file = '\(folder)/tls.crt'",
      "ssl_key_file = '\(folder)/tls.key'", "ssl_crl_file = '\(list)'",
    ]
    for (name, lines) in [("tls.conf", settings), ("pg_hba.conf", hba), ("pg_ident.conf", ident)] {
      try (lines.joined(separator: "\n") + "\n")
        .write(toFile: data + "/" + name, atomically: false, encoding: .utf8)
    }
    let before = try logText().utf8.count
    kill(processIdentifier, SIGHUP)
    try waitForReload(after: before)
    return before
  }

  /// Gives the server other files and records, which it must take.
  func serve(_ folder: String, hba: [String], ident: [String] = []) throws {
    let before = try load(folder, hasRevocationList: false, hba: hba, ident: ident)
    let said = String(decoding: Array(try logText().utf8.dropFirst(before)), as: UTF8.self)
    guard !said.contains("not reloaded") else { throw CommandFailure(description: said) }
  }

  /// What psql comes to with a connection string for this server, over TCP or over the socket.
  func query(
    _ statement: String,
    _ connection: String,
    overSocket: Bool = false,
    environment: [String: String] = [:]
  ) throws -> CommandResult {
    let host = overSocket ? "host=\(directory.path)" : "host=localhost hostaddr=\(Self.address)"
    return try Self.attempt(
      [
        Self.binaries + "/psql", "-X", "-A", "-t", "-d", "\(host) port=\(port) \(connection)", "-c",
        statement,
      ],
      environment: environment.merging(["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]) { $1 }
    )
  }

  /// Tries the files in `folder` as a node would use them, connecting to `hosts`.
  func verdict(
    on folder: String,
    hasRevocationList: Bool,
    hba: [String],
    ident: [String],
    hosts: [String],
    showsCertificate: Bool = true
  ) throws -> Verdict {
    let list = hasRevocationList ? folder + "/ca.crl" : ""
    let before = try load(folder, hasRevocationList: hasRevocationList, hba: hba, ident: ident)
    var words = ""
    var isAccepted = true
    for host in hosts {
      let connection = [
        "host=\(host) hostaddr=\(Self.address) port=\(port) dbname=postgres user=postgres",
        "sslmode=verify-full sslrootcert=\(folder)/ca.crt",
        showsCertificate
          ? "sslcert=\(folder)/tls.crt sslkey=\(folder)/tls.key" : "sslcert=\(folder)/none",
        hasRevocationList ? "sslcrl=\(list)" : "",
      ]
      let result = try Self.attempt([
        Self.binaries + "/psql", "-X", "-A", "-t", "-d", connection.joined(separator: " "),
        "-c", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
      ])
      words += result.errors
      isAccepted = isAccepted && result.exitCode == 0 && result.output == "t\n"
    }
    let said = String(decoding: Array(try logText().utf8.dropFirst(before)), as: UTF8.self)
    guard !said.contains("pg_hba.conf was not reloaded") else {
      throw CommandFailure(description: said)
    }
    let isLoaded = !said.contains("SSL configuration was not reloaded")
    return Verdict(isAccepted: isAccepted && isLoaded, words: said + words)
  }

  private func logText() throws -> String { try String(contentsOfFile: log, encoding: .utf8) }

  private func waitForReload(after position: Int) throws {
    let isReloaded = try eventually {
      String(decoding: Array(try logText().utf8.dropFirst(position)), as: UTF8.self)
        .contains("received SIGHUP")
    }
    guard isReloaded else { throw CommandFailure(description: "the server did not reload") }
  }

  /// A port of the address that nobody listens on.
  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr(Self.address)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw CommandFailure(description: "no port is free") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// What the program says of a pod, whose data directory nobody has made yet.
  func check(_ environment: [String: String]) throws -> CommandResult {
    let program = directory.path + "/entrypoint"
    if !FileManager.default.fileExists(atPath: program) {
      try Command.output(["cp", Repository.releaseBinary, program])
    }
    let pod = ["PATRONI_POSTGRESQL_DATA_DIR": directory.path + "/pod/data"]
    return try Self.attempt([program, "--check"], environment: pod.merging(environment) { $1 })
  }

  /// Runs a program as user `postgres`.
  private static func attempt(
    _ words: [String],
    environment: [String: String] = [
      "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent",
    ]
  ) throws -> CommandResult {
    try Command.run(
      ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] + words,
      environment: environment,
      directory: "/"
    )
  }

  private static func run(_ words: [String]) throws {
    let result = try attempt(words)
    guard result.exitCode == 0 else {
      throw CommandFailure(description: words.joined(separator: " ") + "\n" + result.errors)
    }
  }
}
