import PostgresConfig

/// Where things are.
struct PlaceSettings: Sendable {
  var dataDirectory: String
  var unixSocketDirectory: String
  var listen: ListenAddress
  var connectAddress: HostAndPort?

  init?(from reader: inout EnvironmentReader) {
    let dataDirectory = reader.path(.dataDirectory)
    let socketDirectory = reader.path(.unixSocketDirectory)
    let listen = reader.listenAddress(.postgresqlListen)
    let connectAddress = reader.connectAddress(.postgresqlConnectAddress)
    guard let dataDirectory = dataDirectory.or("/home/postgres/pgdata/pgroot/data"),
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
}
