import PatroniConfig
import PostgresConfig

/// The server that this member runs.
struct ServerSettings: Sendable {
  @Sourced var dataDirectory: String
  @Sourced var unixSocketDirectory: String
  @Sourced var listen: ListenAddress
  @Sourced var connectAddress: HostAndPort

  static let defaultDataDirectory = "/home/postgres/pgdata/pgroot/data"

  init(from reader: inout EnvironmentReader, pod: PodSettings) {
    _dataDirectory = reader.path(.dataDirectory).or(Self.defaultDataDirectory)
    _unixSocketDirectory = reader.path(.unixSocketDirectory).or("/var/run/postgresql")
    let listen = reader.listenAddress(.postgresqlListen).or(.postgresql)
    _listen = listen
    _connectAddress = reader.connectAddress(
      .postgresqlConnectAddress,
      otherwise: pod.connectAddress(port: listen.wrappedValue.port)
    )
  }
}

extension Settings {
  /// The data directory.
  public var dataDirectory: String { server.dataDirectory }
}
