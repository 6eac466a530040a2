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

  /// RECORD=1 writes the tables into docs/REFERENCE.md, and fails.
  @Test func theReferenceHasTheTables() throws {
    var page = try Repository.read("docs/REFERENCE.md")
    for (name, table) in [("variables", Self.variables), ("exit codes", Self.exitCodes)] {
      let first = try #require(page.range(of: "<!-- \(name): generated -->\n"))
      let last = try #require(page.range(of: "<!-- end of \(name) -->\n"))
      let place = first.upperBound..<last.lowerBound
      if ProcessInfo.processInfo.environment["RECORD"] != nil {
        page.replaceSubrange(place, with: table)
        try page.write(
          toFile: Repository.root + "/docs/REFERENCE.md",
          atomically: true,
          encoding: .utf8
        )
        Issue.record("recorded; run again without RECORD")
      } else {
        #expect(page[place] == table)
      }
    }
  }

  private static var variables: String {
    var lines = ["| variable | also | default | live | meaning |", "|---|---|---|---|---|"]
    for section in EnvironmentVariable.Section.allCases {
      lines.append("| **\(section.rawValue)** | | | | |")
      for variable in EnvironmentVariable.all where variable.section == section {
        let also = [variable.alias, variable.isSecret ? variable.fileName : nil].compactMap { $0 }
        lines.append(
          "| `\(variable.name)` | \(also.map { "`\($0)`" }.joined(separator: ", ")) "
            + "| \(variable.fallback) | \(variable.isLive ? "yes" : "") | \(variable.summary) |"
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
