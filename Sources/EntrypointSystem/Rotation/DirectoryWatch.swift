import CSystem
import EntrypointCore

/// Waits for something to happen in directories.
///
/// Kubernetes changes a volume by moving the link `..data` in the mounted directory; others write
/// files there. Where the system has no notice to give, looking from time to time has to do.
/// See inotify(7).
public struct DirectoryWatch: ~Copyable {
  /// inotify's descriptor, or -1.
  private let notices: Int32

  /// Why changes are not noticed at once; nil when they are.
  public let limitation: SystemError?

  /// Watches the directories that `files` are in for changes.
  public init(files: CertificateFiles<String>) {
    self.init(
      directories: Set(files.all.map { Self.directory(of: $0) }),
      events: IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_DELETE | IN_ATTRIB
    )
  }

  /// Watches `directory` for programs that open something in it.
  init(readersOf directory: String) {
    self.init(directories: [directory], events: IN_OPEN)
  }

  private init(directories: Set<String>, events: Int32) {
    notices = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard notices >= 0 else {
      limitation = SystemError("inotify_init1", "")
      return
    }
    var limitation: SystemError?
    for path in directories {
      if inotify_add_watch(notices, path, UInt32(events)) < 0, limitation == nil {
        limitation = SystemError("inotify_add_watch", path)
      }
    }
    self.limitation = limitation
  }

  deinit {
    if notices >= 0 { close(notices) }
  }

  /// Returns true when something happened, and false after `milliseconds` without.
  public func wait(milliseconds: Int32) -> Bool {
    guard notices >= 0 else {
      usleep(UInt32(milliseconds) * 1000)
      return false
    }
    var descriptor = pollfd(fd: notices, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return false }
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      while read(notices, buffer.baseAddress, buffer.count) > 0 {}
    }
    return true
  }

  private static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }
}
