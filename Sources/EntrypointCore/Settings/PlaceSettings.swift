import PostgresConfig

/// Where things are.
struct PlaceSettings: Sendable {
  var dataDirectory: String
  var unixSocketDirectory: String
  var listen: ListenAddress
  var connectAddress: HostAndPort?

  static let defaultDataDirectory = "/home/postgres/pgdata/pgroot/data"

  init?(from reader: inout EnvironmentReader) {
    let dataDirectory = reader.path(.dataDirectory)
    let socketDirectory = reader.path(.unixSocketDirectory)
    let listen = reader.listenAddress(.postgresqlListen)
    let connectAddress = reader.connectAddress(.postgresqlConnectAddress)
    guard let dataDirectory = dataDirectory.or(Self.defaultDataDirectory),
      let socketDirectory = socketDirectory.or("/var/run/postgresql"),
      let listen = listen.or(.postgresql), let connectAddress = connectAddress.optional
    else { return nil }
    self.dataDirectory = dataDirectory
    unixSocketDirectory = socketDirectory
    self.listen = listen
    self.connectAddress = connectAddress
  }

  static func version(from reader: inout EnvironmentReader) -> PostgresVersion? {
    let versions = PostgresVersion.supported
    return reader.value(
      .pgMajor,
      expectation:
        "It must be PostgreSQL's major version, \(versions.lowerBound) to \(versions.upperBound)."
    ) { text in
      text.utf8.count <= 2 ? Int(text).flatMap { PostgresVersion(major: $0) } : nil
    }.or(.assumed)
  }

  /// Nil for a fault, `.some(nil)` when nobody says which version runs.
  static func citusVersion(from reader: inout EnvironmentReader) -> CitusVersion?? {
    reader.value(
      .citusVersion,
      expectation: "It must be a version of Citus such as 13.2, 11 or later."
    ) { text in
      CitusVersion(parsing: text).flatMap { $0 < .oldest ? nil : $0 }
    }.optional
  }
}

extension Settings {
  /// The data directory.
  public var dataDirectory: String { places.dataDirectory }
}
