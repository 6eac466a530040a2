import EntrypointCore
import EntrypointSystem

/// Tells Patroni once that the server runs.
///
/// Patroni writes `citus.local_hostname` into postgresql.conf before it knows by which address it reaches the server that
/// it starts, and `localhost` then; shards cannot be moved by roles that are not let in there. When it is told to read
/// its configuration again, it writes the socket's directory.
struct CitusReload {
  private(set) var isDue: Bool

  /// How often to look whether the server runs, in milliseconds.
  static let interval = 1_000

  init(isDue: Bool) {
    self.isDue = isDue
  }

  /// Does it when the server runs and Patroni listens.
  mutating func attempt(_ patroni: PatroniProcess, _ order: WatchOrder) {
    guard isDue, PostgresProcess.isReady(dataDirectory: order.dataDirectory) else { return }
    if patroni.reload() == .told { isDue = false }
  }
}
