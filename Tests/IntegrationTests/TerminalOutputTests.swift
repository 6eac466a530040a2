import Foundation
import TestSupport
import Testing

/// The release binary on a pseudo-terminal.
@Suite struct TerminalOutputTests {
  private static let environment = [
    "PATH": "/usr/bin:/bin", "TERM": "xterm", "PATRONI_SCOPE": "demo", "PATRONI_NAME": "node-0",
    "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLMODE": "disable",
    "PATRONI_SUPERUSER_PASSWORD": "hush-1", "PATRONI_REPLICATION_PASSWORD": "hush-2",
  ]

  /// What a terminal of so many columns shows.
  private func shown(
    _ option: String,
    columns: Int = 80,
    _ more: [String: String] = [:]
  ) throws -> String {
    let command = "stty cols \(columns) && exec \(Repository.releaseBinary) \(option)"
    let result = try Command.run(
      ["script", "--quiet", "--return", "--command", command, "/dev/null"],
      environment: Self.environment.merging(more) { $1 }
    )
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    return result.output.replacing("\r\n", with: "\n")
  }

  @Test(arguments: ["--check", "--explain", "--explain=all"])
  func coloursATerminalOnly(_ option: String) throws {
    #expect(try shown(option).contains("\u{1b}["))
    #expect(try shown(option, ["NO_COLOR": ""]).contains("\u{1b}["))
    for variable in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      #expect(try !shown(option, variable).contains("\u{1b}"))
    }
    let piped = try Command.run(
      [Repository.releaseBinary, option],
      environment: Self.environment
    )
    #expect(piped.exitCode == 0)
    #expect(!piped.output.isEmpty && !piped.output.contains("\u{1b}"))
  }

  @Test(arguments: ["--check", "--explain=all"], [80, 120])
  func fitsTheTerminal(_ option: String, _ columns: Int) throws {
    let lines = try shown(option, columns: columns, ["NO_COLOR": "1"]).split(separator: "\n")
    let widest = lines.map { $0.count }.max() ?? 0
    #expect(widest <= columns && widest > columns - 40, "\(widest)")
  }
}
