import Foundation
import TestSupport

/// The PostgreSQL that members run: PATRONI_POSTGRESQL_BIN_DIR, or Debian's.
enum Installation {
  /// Where its programs are.
  static let programs =
    ProcessInfo.processInfo.environment["PATRONI_POSTGRESQL_BIN_DIR"]
    ?? "/usr/lib/postgresql/15/bin"

  /// Its major version.
  static let major = Int(
    said("postgres", "--version").firstMatch(of: #/ (\d+)/#).map { String($0.1) } ?? ""
  )

  /// Whether the Citus extension is installed in it.
  static let hasCitus = FileManager.default.fileExists(
    atPath: said("pg_config", "--sharedir").trimmingCharacters(in: .newlines)
      + "/extension/citus.control"
  )

  /// Whether tests of Citus must not be skipped.
  static let mustHaveCitus = ProcessInfo.processInfo.environment["REQUIRE_CITUS"] == "1"

  private static func said(_ program: String, _ word: String) -> String {
    (try? Command.output([programs + "/" + program, word])) ?? ""
  }
}
