import PatroniConfig
import PostgresConfig

// The versions that decide which syntax a file may use.
extension EnvironmentReader {
  mutating func postgresVersion() -> Sourced<PostgresVersion> {
    let versions = PostgresVersion.supported
    return value(
      .pgMajor,
      expectation:
        "It must be PostgreSQL's major version, \(versions.lowerBound) to \(versions.upperBound)."
    ) { text in
      text.utf8.count <= 2 ? Int(text).flatMap { PostgresVersion(major: $0) } : nil
    }.or(.assumed)
  }

  /// Nil when nobody says which version runs.
  mutating func citusVersion() -> CitusVersion? {
    value(
      .citusVersion,
      expectation: "It must be a version of Citus such as 13.2, 11 or later."
    ) { text in
      CitusVersion(parsing: text).flatMap { $0 < .oldest ? nil : $0 }
    }.wrappedValue
  }
}
