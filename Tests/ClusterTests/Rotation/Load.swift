import Foundation
import TestSupport
import Testing

/// pgbench, which gives up a client at its first error, until it is told to stop.
///
/// See <https://www.postgresql.org/docs/current/pgbench.html>.
final class Load {
  private let process: BackgroundProcess

  /// Makes pgbench's tables and an application, and starts it twice: with a connection for every transaction,
  /// and with connections that last.
  ///
  /// - Parameter settings: libpq's settings for TLS.
  static func onNewAndLastingConnections(
    _ client: Client,
    to leader: Member,
    _ settings: String,
    log directory: String
  ) throws -> [Load] {
    let password = "open sesame"
    try leader.query("CREATE ROLE application LOGIN PASSWORD '\(password)'")
    try leader.query("GRANT CREATE ON SCHEMA public TO application")
    let settings = "host=\(leader.host.names[0]) dbname=postgres user=application \(settings)"
    try Command.output(
      client.host.words(["pgbench", "--initialize", "--quiet", settings]),
      environment: environment(password)
    )
    return try [
      ("reconnecting", ["--connect", "--client=2", "--rate=25"]),
      ("lasting", ["--client=4", "--rate=50"]),
    ].map { name, options in
      try Load(on: client, settings, password: password, options, log: "\(directory)/\(name)")
    }
  }

  /// Starts it.
  ///
  /// - Parameters:
  ///   - settings: libpq's connection settings.
  ///   - options: pgbench's own, such as `--connect` for a connection per transaction.
  init(
    on client: Client,
    _ settings: String,
    password: String,
    _ options: [String],
    log: String
  ) throws {
    process = try BackgroundProcess(
      client.host.words(["pgbench", "--no-vacuum", "--time=3600"] + options + [settings]),
      environment: Self.environment(password),
      log: log
    )
  }

  /// Ends it, as its own alarm would: it has run transactions all the time, and none has failed.
  func expectNoFailure(sourceLocation: SourceLocation = #_sourceLocation) throws {
    kill(process.id, SIGALRM)
    let exitCode = try process.waitForExit()
    let report = try String(contentsOfFile: process.log, encoding: .utf8)
    let words = Comment(rawValue: report)
    #expect(exitCode == 0, words, sourceLocation: sourceLocation)
    #expect(
      report.contains("\nnumber of failed transactions: 0 (0.000%)\n"),
      words,
      sourceLocation: sourceLocation
    )
    #expect(!report.contains("error:"), words, sourceLocation: sourceLocation)
    let processed = #/\nnumber of transactions actually processed: (\d+)\n/#
    let count = report.firstMatch(of: processed).flatMap { Int($0.1) } ?? 0
    print("\(count) transactions of pgbench, none failed")
    #expect(count > 10, words, sourceLocation: sourceLocation)
  }

  private static func environment(_ password: String) -> [String: String] {
    Command.plainEnvironment.merging(["PGPASSWORD": password]) { $1 }
  }
}
