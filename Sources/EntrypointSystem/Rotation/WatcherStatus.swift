import CSystem
import EntrypointCore

/// What a watcher says of itself, in a file beside the copies, for `--check` in the same container.
///
/// Each has a file of its own, named after its Patroni's process, which in a container is 1. It counts
/// only as long as the processes that it names are there, by number and time of start.
public struct WatcherStatus: Equatable, Sendable {
  /// The processes, in the order of their start.
  private var patroni: ProcessIdentity?
  private var keeper: ProcessIdentity?
  private var watcher: ProcessIdentity?
  /// What there is to say.
  public var condition: WatcherCondition

  /// The status of this process, which watches.
  public init(patroni: PatroniProcess, _ condition: WatcherCondition) {
    self.patroni = ProcessIdentity(patroni.number)
    keeper = ProcessIdentity(getppid())
    watcher = .own
    self.condition = condition
  }

  /// Writes it.
  ///
  /// - Returns: false when that failed.
  public func write(in directory: TLSDirectory) -> Bool {
    guard let patroni, let keeper, let watcher else { return false }
    let lines =
      ["patroni \(patroni.text)", "keeper \(keeper.text)", "watcher \(watcher.text)"]
      + condition.lines
    let text = lines.map { $0 + "\n" }.joined()
    do throws(AtomicFile.Failure) {
      try AtomicFile.write(
        Array(text.utf8),
        to: "\(directory.path)/\(Self.prefix)\(patroni.number)"
      )
      return true
    } catch {
      return error.isInPlace
    }
  }

  private static let prefix = "watcher."

  /// Reads what stands in `directory`, of watchers whose Patroni runs.
  public static func all(in directory: TLSDirectory) -> [WatcherCondition] {
    let names = (try? DirectoryLookup.names(in: directory.path)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted().compactMap { name in
      let path = directory.path + "/" + name
      guard let file = try? FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW),
        let text = try? file.readToEnd(limit: 1 << 12),
        let status = WatcherStatus(String(decoding: text, as: UTF8.self))
      else { return nil }
      return status.conditionNow
    }
  }

  private init?(_ text: String) {
    var processes: [Substring: ProcessIdentity] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let name = words.first else { continue }
      processes[name] = ProcessIdentity(words: Array(words.dropFirst()))
    }
    guard let condition = WatcherCondition(text), processes["patroni"] != nil else { return nil }
    patroni = processes["patroni"]
    keeper = processes["keeper"]
    watcher = processes["watcher"]
    self.condition = condition
  }

  /// Nil when Patroni has ended, and all with it.
  private var conditionNow: WatcherCondition? {
    guard let patroni = patroni?.now else { return nil }
    var condition = condition
    condition.patroni = Int(patroni.number)
    let watcher = watcher?.now
    condition.process = watcher.map { Int($0.number) }
    condition.life =
      if let watcher { watcher.isStopped ? .stopped : .works } else {
        .ended(isKept: keeper?.now != nil)
      }
    return condition
  }
}
