import EntrypointCore
import EntrypointSystem

/// A Patroni that runs in this container already, as the process beside it says that watches for it.
struct RunningPatroni {
  let watchers: [WatcherCondition]
  /// The patroni.yml that it goes by; nil without a watcher, or when it cannot be read.
  let file: FileInUse?

  init(at path: String) {
    watchers = WatcherStatus.all(in: TLSDirectory(beside: path))
    let text = watchers.isEmpty ? nil : try? RESTAPIReload.text(of: path)
    file = text.flatMap { FileInUse($0, at: path) }
  }
}
