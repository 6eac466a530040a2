import Foundation

/// A real PostgreSQL server of this machine's version 15, run as user `postgres` in a directory of
/// its own.
///
/// It is stopped when nobody uses it any more.
public final class PostgresServer: Sendable {
  /// Where its binaries are.
  public static let binaries = "/usr/lib/postgresql/15/bin"
  /// Where its socket and its data are.
  public let directory: TemporaryDirectory

  private var data: String { directory.path + "/data" }

  /// Makes and starts a server with TLS that listens on its socket only.
  ///
  /// - Parameter settings: lines for `postgresql.conf`.
  public init(settings: [String] = []) throws {
    directory = try TemporaryDirectory()
    try Command.output(["chown", "postgres:postgres", directory.path])
    try run(
      "initdb",
      "-D",
      data,
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
    try Command.output(["chown", "postgres:postgres", data + "/server.key", data + "/server.crt"])
    try Command.output(["cp", data + "/server.crt", data + "/ca.crt"])
    let base = [
      "listen_addresses = ''", "unix_socket_directories = '\(directory.path)'", "fsync = off",
      "ssl = on", "ssl_ca_file = 'ca.crt'", "shared_buffers = '16MB'",
    ]
    let file = data + "/postgresql.conf"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try (text + (base + settings).joined(separator: "\n") + "\n")
      .write(toFile: file, atomically: false, encoding: .utf8)
    try run("pg_ctl", "-D", data, "-w", "-s", "-l", directory.path + "/log", "start")
  }

  deinit {
    _ = try? run("pg_ctl", "-D", data, "-s", "-m", "immediate", "stop")
  }

  /// The rows of a query, with tabs between the columns.
  public func query(_ sql: String) throws -> [String] {
    let output = try run(
      "psql",
      "-h",
      directory.path,
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
  private func run(_ program: String, _ words: String...) throws -> String {
    try Command.output(
      ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        + [Self.binaries + "/" + program] + words,
      directory: directory.path
    )
  }
}
