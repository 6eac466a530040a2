import PatroniConfig
import PostgresConfig

// The directory of PostgreSQL's programs, whose name usually says of which major version they are. What is
// written is in the syntax of PG_MAJOR, and may stop a server of another one.
enum BinaryDirectory {
  /// Warns about a directory that is named like another version, wherever it is said.
  static func warnings(
    _ environment: Environment,
    _ document: YAMLMapping,
    _ version: PostgresVersion
  ) -> [Problem] {
    var said: [(subject: String, path: String)] = []
    let name = "PATRONI_POSTGRESQL_BIN_DIR"
    if let path = environment.text(name), !path.isEmpty { said.append((name, path)) }
    if let node = document["postgresql"]?["bin_dir"], let path = node.scalarText {
      said.append((node.origin?.description ?? "postgresql.bin_dir", path))
    }
    return said.compactMap { subject, path in
      guard let major = major(in: path), major != version.major else { return nil }
      let isGiven = environment.isGiven(EnvironmentVariable.pgMajor.name)
      return Problem(
        .warning,
        subject,
        "directory \(quoted(path)) is named like one of PostgreSQL \(major), and PG_MAJOR is "
          + (isGiven ? "\(version.major)" : "not set, which means \(version.major)"),
        detail: "patroni.yml is written for the version in PG_MAJOR.",
        hint: "Set PG_MAJOR to the version of the programs."
      )
    }
  }

  /// The version in a name such as `/usr/lib/postgresql/17/bin` or `/usr/pgsql-17/bin`.
  static func major(in path: String) -> Int? {
    var isOfPostgres = false
    for part in path.split(separator: "/") {
      let rest = ["postgresql", "postgres", "pgsql", "pg"].first { part.hasPrefix($0) }.map {
        part.dropFirst($0.count).drop { $0 == "-" || $0 == "@" }
      }
      let digits = (rest ?? part).prefix { $0 != "." }
      if isOfPostgres || rest != nil, digits.utf8.count == 2, let major = Int(digits) {
        return major
      }
      isOfPostgres = isOfPostgres || rest != nil
    }
    return nil
  }
}
