import CSystem
import EntrypointCore
import EntrypointSystem

/// What Patroni has not been told yet, and what is said when it has.
struct PatroniNotice {
  var notes: [Problem]
  private let start = Clock.milliseconds
  let startTime = time(nil)
  private(set) var isReported = false

  /// How soon to try again when Patroni does not listen yet, in milliseconds.
  static let retry = 250
  /// How long it may take Patroni to do so.
  private static let timeToListen = 20_000

  init(_ notes: [Problem]) {
    self.notes = notes
  }

  /// Whether it is worth while to try again soon.
  var isUrgent: Bool { isFresh && !isReported }

  private var isFresh: Bool { Clock.milliseconds - start < Self.timeToListen }

  /// Tells Patroni, and says so; or why not, once.
  ///
  /// - Returns: whether Patroni has been told.
  mutating func deliver(to patroni: PatroniProcess, _ order: WatchOrder) -> Bool {
    switch patroni.reload() {
    case .told:
      for note in notes { StandardStreams.error(note.text) }
      return true
    case .deaf(let name):
      guard !isFresh, !isReported else { return false }
      let reason = "process \(patroni.number), \(name), does not catch SIGHUP"
      StandardStreams.error(
        Self.untold(
          reason,
          order,
          hint:
            "End a script named patroni with exec; until then, run patronictl reload."
        ).text
      )
    case .unknown(let error):
      guard !isReported else { return false }
      let reason = "\(error.call) failed on \(error.path): \(error.reason)"
      let hint = "Run patronictl reload, or restart the pod."
      StandardStreams.error(Self.untold(reason, order, hint: hint).text)
    }
    isReported = true
    return false
  }

  private static func untold(_ reason: String, _ order: WatchOrder, hint: String) -> Problem {
    Problem(
      .warning,
      order.subject,
      "new \(order.object) are published, but Patroni could not be notified: \(reason)",
      detail: order.settings == nil
        ? "Programs that connect use them. The server and the REST API present the old "
          + "certificate until they are reloaded."
        : "They take effect when Patroni reads its file again.",
      hint: hint
    )
  }
}
