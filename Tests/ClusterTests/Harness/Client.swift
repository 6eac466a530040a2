import Foundation
import TestSupport

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

  /// Connects as `settings` say, and returns what came of a query.
  ///
  /// - Parameter settings: libpq's connection settings.
  func query(
    _ sql: String = "SELECT current_user",
    _ settings: String,
    password: String? = nil
  ) throws -> CommandResult {
    var environment = Command.plainEnvironment
    environment["HOME"] = directory
    environment["PGPASSWORD"] = password
    return try Command.run(
      host.words([
        "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "connect_timeout=10 " + settings, "-c", sql,
      ]),
      environment: environment
    )
  }
}
