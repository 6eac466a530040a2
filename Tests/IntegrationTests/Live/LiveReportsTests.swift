import Foundation
import TestSupport
import Testing

/// `--explain`, `--check` and `--dry-run` in a pod that runs.
@Suite struct LiveReportsTests {
  private let pod: LivePod
  private var note: String {
    "note: \(pod.path): is in use, but differs from what the environment and files give now\n"
  }

  init() throws {
    pod = try LivePod()
  }

  /// The rows of `--explain` that have something in the column of what is in use.
  private func marked() throws -> [String] {
    let lines = try pod.ask("--explain").output.split(separator: "\n").map { String($0) }
    #expect(lines.first == "SETTING\tVALUE\tSOURCE\tIN USE")
    return lines.dropFirst().filter { !$0.hasSuffix("\t") }
  }

  @Test func theySayNothingWhileTheFileIsWhatTheSettingsGive() throws {
    try pod.write(["PGSSLMODE": "disable", "CLIENT_AUTH": "md5"])
    try pod.start()
    #expect(try marked() == [])
    for option in ["--check", "--dry-run"] {
      let result = try pod.ask(option)
      #expect(result.exitCode == 0)
      #expect(!(result.output + result.errors).contains("but differs from what"), "\(result)")
    }
    try pod.write(["PGSSLMODE": "disable", "CLIENT_AUTH": "none"])
    #expect(eventually(within: 10) { pod.reloads == 1 }, "\(pod.errors)")
    #expect(try marked() == [])
  }

  @Test func theySayWhatWaitsForTheNextStart() throws {
    try pod.write(["PGSSLMODE": "disable", "HEADLESS_SERVICE": "old", "CLIENT_AUTH": "md5"])
    try pod.start(["CONNECT_BY": "name"])
    try pod.write(["PGSSLMODE": "disable", "HEADLESS_SERVICE": "new", "CLIENT_AUTH": "none"])
    #expect(eventually(within: 10) { pod.reloads == 1 }, "\(pod.errors)")
    let rows = try marked()
    #expect(rows.count == 2)
    for (section, port) in [("restapi", 8008), ("postgresql", 5432)] {
      let (old, new) = (host("old", port), host("new", port))
      #expect(
        rows.contains {
          $0.hasPrefix("\(section).connect_address\t\(new)\t") && $0.hasSuffix("\t\(old)")
        },
        "\(rows)"
      )
    }
    let detail =
      "detail: Different: postgresql.connect_address, restapi.connect_address. "
      + "Live settings take effect at the next reading, others at the next start.\n"
    let check = try pod.ask("--check")
    #expect(check.exitCode == 0)
    #expect(check.output.contains(note))
    #expect(check.output.contains(detail), "\(check.output)")
    let dryRun = try pod.ask("--dry-run")
    #expect(dryRun.errors.contains(note))
    #expect(dryRun.output.contains(host("new", 5432)))
    #expect(try pod.ask("--explain=json").output.contains("\"in_use\": \"\(host("old", 5432))\"}"))
  }

  private func host(_ service: String, _ port: Int) -> String {
    "one.\(service).default.svc.cluster.local:\(port)"
  }

  /// Settings that are refused have no other file to be compared with; both say why.
  @Test func theySayWhatIsRefused() throws {
    try pod.write(["PGSSLMODE": "disable", "CLIENT_AUTH": "md5"])
    try pod.start()
    try pod.write(["PGSSLMODE": "disable", "CLIENT_AUTH": "nobody"])
    for option in ["--check", "--explain", "--dry-run"] {
      let result = try pod.ask(option)
      #expect(result.exitCode == 78)
      let fault = "error: \(pod.settings.path)/CLIENT_AUTH: invalid value"
      #expect((result.output + result.errors).contains(fault), "\(result)")
    }
  }

  /// A file that is left over from an earlier Patroni is nobody's.
  @Test func aFileWithoutAPatroniIsNotCompared() throws {
    try pod.write(["PGSSLMODE": "disable", "CLIENT_AUTH": "md5"])
    try pod.start()
    pod.process?.stop(SIGTERM)
    #expect(
      eventually(within: 20) { (try? pod.ask("--explain").output.contains("IN USE")) == false }
    )
  }
}
