import Foundation
import PostgresConfig
import TestSupport
import Testing

/// What the versions of PostgreSQL that are not on this machine have to judge: `make matrix` reads the
/// file that is written here.
@Suite struct AccessFileVersionsTests {
  private struct Lines: Encodable {
    var accepted: [String] = []
    var refused: [String] = []
  }

  private struct Files: Encodable {
    var hba = Lines()
    var ident = Lines()
  }

  @Test func everyVersionGetsItsLines() throws {
    var versions: [String: Files] = [:]
    for major in PostgresVersion.supported {
      let version = try #require(PostgresVersion(major: major))
      let files = Self.files(version)
      #expect(files.hba.accepted.count > 400 && files.hba.refused.count > 60)
      #expect(files.ident.accepted.count > 600 && files.ident.refused.count > 10)
      versions[String(major)] = files
    }
    let file = URL(fileURLWithPath: Repository.root + "/.build/access-file-lines.json")
    try JSONEncoder().encode(versions).write(to: file)
  }

  /// Refused on purpose is nobody else's business: those lines are left out.
  private static func files(_ version: PostgresVersion) -> Files {
    var random = SeededRandom(seed: 2026)
    var files = Files()
    for line in AccessFileLines.acceptedHBA + AccessFileLines.refusedHBA {
      if (try? HBALine(parsing: line, version: version)) != nil {
        files.hba.accepted.append(line)
      } else if !(version.readsPatternsInRoleNames && line.hasPrefix("include")) {
        // Version 16 brought includes, which are refused here: nobody looked at those files.
        files.hba.refused.append(line)
      }
    }
    for line in AccessFileLines.acceptedIdent + AccessFileLines.refusedIdent {
      if (try? IdentLine(parsing: line, version: version)) != nil {
        files.ident.accepted.append(line)
      } else {
        files.ident.refused.append(line)
      }
    }
    files.hba.accepted += (0..<6000).map { _ in RandomLines.hba(&random) }.filter {
      (try? HBALine(parsing: $0, version: version)) != nil
    }
    files.ident.accepted += (0..<6000).map { _ in RandomLines.ident(&random) }.filter {
      (try? IdentLine(parsing: $0, version: version)) != nil
    }
    return files
  }
}
