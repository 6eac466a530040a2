import Foundation
import TestSupport
import Testing

@testable import EntrypointCore

/// What people read is made from the definitions of the variables.
@Suite struct DocumentationTests {
  @Test func namesAreUnique() {
    let all = EnvironmentVariable.all
    let names = all.map { $0.name } + all.compactMap { $0.alias }
    #expect(Set(names).count == names.count)
  }

  @Test func helpListsEveryVariableOptionAndExitCode() {
    for variable in EnvironmentVariable.all {
      #expect(Help.text.contains("  \(variable.heading)\n"), "\(variable.name)")
    }
    for option in CommandLineOptions.options {
      #expect(Help.text.contains("  \(option.name)"), "\(option.name)")
    }
    for code in ExitCode.allCases {
      #expect(Help.text.contains("\(code.rawValue)  \(code.meaning)\n"))
    }
  }

  @Test func helpFitsATerminal() {
    for line in Help.text.split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  /// RECORD=1 writes the tables into the README, and fails.
  @Test func theREADMEHasTheTables() throws {
    var readme = try Repository.read("README.md")
    for (name, table) in [("variables", Self.variables), ("exit codes", Self.exitCodes)] {
      let first = try #require(readme.range(of: "<!-- \(name): generated -->\n"))
      let last = try #require(readme.range(of: "<!-- end of \(name) -->\n"))
      let place = first.upperBound..<last.lowerBound
      if ProcessInfo.processInfo.environment["RECORD"] != nil {
        readme.replaceSubrange(place, with: table)
        try readme.write(toFile: Repository.root + "/README.md", atomically: true, encoding: .utf8)
        Issue.record("recorded; run again without RECORD")
      } else {
        #expect(readme[place] == table)
      }
    }
  }

  private static var variables: String {
    var lines = ["| variable | also | default | meaning |", "|---|---|---|---|"]
    for section in EnvironmentVariable.Section.allCases {
      lines.append("| **\(section.rawValue)** | | | |")
      for variable in EnvironmentVariable.all where variable.section == section {
        let also = [variable.alias, variable.isSecret ? variable.fileName : nil].compactMap { $0 }
        lines.append(
          "| `\(variable.name)` | \(also.map { "`\($0)`" }.joined(separator: ", ")) "
            + "| \(variable.fallback) | \(variable.summary) |"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static var exitCodes: String {
    let rows = ExitCode.allCases.map { "| \($0.rawValue) | \($0.meaning) |" }
    return (["| code | meaning |", "|---|---|"] + rows).joined(separator: "\n") + "\n"
  }
}
