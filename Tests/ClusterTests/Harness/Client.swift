import Foundation
import TestSupport
import Testing

/// An application's host, which connects to members from outside.
final class Client {
  let host: Host
  private let directory: String

  init(host: Host, directory: String) throws {
    self.host = host
    self.directory = directory
    try Command.output(["install", "-d", "-o", "\(UnixUser.postgres.id)", directory])
  }

  /// Makes files available to it.
  func mount(_ files: CertificateFiles, as name: String) throws -> CertificateFiles {
    try files.mount(at: directory + "/" + name, group: UnixUser.postgres.group)
  }

  /// Connects as libpq's `settings` say, and returns what came of a query.
  func query(
    _ settings: String,
    password: String? = nil,
    _ sql: String = "SELECT current_user"
  ) throws -> CommandResult {
    var environment = Command.plainEnvironment
    environment["HOME"] = directory
    environment["PGPASSWORD"] = password
    let settings = "dbname=postgres connect_timeout=10 " + settings
    return try Command.run(
      host.words(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", settings, "-c", sql]),
      environment: environment
    )
  }

  /// The connection comes about, and is what `check` finds in pg_stat_ssl: `t` or `f`.
  func expectAccepted(
    _ settings: String,
    password: String? = nil,
    tls: Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try query(
      settings,
      password: password,
      "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    )
    #expect(
      result.output + result.errors == (tls ? "t\n" : "f\n"),
      "\(settings)",
      sourceLocation: sourceLocation
    )
  }

  /// The server, or libpq itself, refuses the connection and says why.
  func expectRefused(
    _ settings: String,
    password: String? = nil,
    because reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try query(settings, password: password)
    #expect(result.exitCode == 2, "\(settings)", sourceLocation: sourceLocation)
    #expect(result.errors.contains(reason), "\(settings)", sourceLocation: sourceLocation)
  }
  /// Applications have a password and no certificate.
  func expectApplicationsLogIn(to member: Member, plain: Bool) throws {
    try member.query("CREATE ROLE application LOGIN PASSWORD 'open sesame'")
    let settings = "host=\(member.host.address) user=application"
    if member.environment["PGSSLMODE"] != "disable" {
      try expectAccepted(
        settings + " sslmode=require",
        password: "open sesame",
        tls: true
      )
    }
    if plain {
      try expectAccepted(
        settings + " sslmode=disable",
        password: "open sesame",
        tls: false
      )
    } else {
      try expectRefused(
        settings + " sslmode=disable",
        password: "open sesame",
        because: "user \"application\", database \"postgres\", no encryption"
      )
    }
    try expectRefused(
      settings,
      password: "sesame",
      because: "password authentication failed"
    )
    let login = try #require(try member.logins().first { $0.user == "application" })
    #expect(login.method == "md5")
    #expect(login.identity == "application")
  }
}
