import Foundation

/// A real PostgreSQL server, run as user `postgres` in a directory of its own.
///
/// It is stopped when nobody uses it any more.
public final class PostgresServer: Sendable {
  /// A PostgreSQL that is installed.
  public struct Installation: Sendable {
    /// The major version.
    public let major: Int
    /// The directory that holds it as its root; empty for this machine's own.
    public let root: String

    /// This machine's version 15.
    public static let own = Installation(major: 15, root: "")

    /// The one that POSTGRES_MAJOR and POSTGRES_ROOT name, by which scripts/matrix.sh tries others.
    public static let chosen: Installation = {
      let variables = ProcessInfo.processInfo.environment
      guard let major = variables["POSTGRES_MAJOR"].flatMap({ Int($0) }) else { return own }
      return Installation(major: major, root: variables["POSTGRES_ROOT"] ?? "")
    }()

    /// Where its programs are.
    public var binaries: String { "/usr/lib/postgresql/\(major)/bin" }
  }

  /// Where its socket and its data are.
  public let directory: TemporaryDirectory

  private let installation: Installation
  /// The directory as the server sees it.
  private var place: String { String(directory.path.dropFirst(installation.root.count)) }
  private var data: String { directory.path + "/data" }

  /// Makes and starts a server with TLS that listens on its socket only.
  ///
  /// - Parameter settings: lines for `postgresql.conf`.
  public init(settings: [String] = [], of installation: Installation = .own) throws {
    self.installation = installation
    directory = try TemporaryDirectory(below: installation.root + "/tmp")
    try run("chown", "postgres:postgres", place, user: nil)
    try run(
      "initdb",
      "-D",
      place + "/data",
      "--auth=trust",
      "--no-sync",
      "--encoding=UTF8",
      "--locale=C.UTF-8"
    )
    try Command.output(
      [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-subj", "/CN=localhost", "-days", "1", "-keyout", "server.key", "-out", "server.crt",
      ],
      directory: data
    )
    try Command.output(["cp", data + "/server.crt", data + "/ca.crt"])
    try run("chown", "-R", "postgres:postgres", place + "/data", user: nil)
    let base = [
      "listen_addresses = ''", "unix_socket_directories = '\(place)'", "fsync = off", "ssl = on",
      "ssl_ca_file = 'ca.crt'", "shared_buffers = '16MB'", "dynamic_shared_memory_type = 'mmap'",
    ]
    let file = data + "/postgresql.conf"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try (text + (base + settings).joined(separator: "\n") + "\n")
      .write(toFile: file, atomically: false, encoding: .utf8)
    try run("pg_ctl", "-D", place + "/data", "-w", "-s", "-l", place + "/log", "start")
  }

  deinit {
    _ = try? run("pg_ctl", "-D", place + "/data", "-s", "-m", "immediate", "stop")
  }

  /// What it has logged so far.
  public var log: String {
    (try? String(contentsOfFile: directory.path + "/log", encoding: .utf8)) ?? ""
  }

  /// Has it read its files again.
  public func reload() throws {
    try run("pg_ctl", "-D", place + "/data", "-s", "reload")
  }

  /// The rows of a query, with tabs between the columns.
  public func query(_ sql: String) throws -> [String] {
    let output = try run(
      "psql",
      "-h",
      place,
      "-d",
      "postgres",
      "-X",
      "-A",
      "-t",
      "-F",
      "\t",
      "-c",
      sql
    )
    return output.split(separator: "\n").map { String($0) }
  }

  /// Makes `hba` and `ident` the server's files.
  ///
  /// It reads them at the next reload only; the views `pg_hba_file_rules` and
  /// `pg_ident_file_mappings` show them at once.
  public func write(hba: [String], ident: [String]) throws {
    for (name, lines) in [("pg_hba.conf", hba), ("pg_ident.conf", ident)] {
      try (lines.joined(separator: "\n") + "\n")
        .write(toFile: data + "/" + name, atomically: false, encoding: .utf8)
    }
  }

  @discardableResult
  private func run(
    _ program: String,
    _ words: String...,
    user: String? = "postgres"
  ) throws -> String {
    let path = "PATH=\(installation.binaries):/usr/sbin:/usr/bin:/sbin:/bin"
    let root = installation.root.isEmpty ? "/" : installation.root
    let change = user.map { ["--userspec=\($0):\($0)", "--groups="] } ?? []
    return try Command.output(
      ["chroot"] + change + [root, "env", "-C", place, path, program] + words
    )
  }
}
