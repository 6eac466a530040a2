import CSystem
import EntrypointCore

/// Waits for something to happen in directories.
///
/// Kubernetes changes a volume by moving the link `..data` in the mounted directory; others write
/// files there. Where the system has no notice to give, looking from time to time has to do.
/// See inotify(7).
public struct DirectoryWatch: ~Copyable {
  /// inotify's descriptor, or -1.
  private var notices: Int32 = -1
  /// The descriptor of the signals that mean "look now", or -1.
  private let signals: Int32
  private var directories: Set<String>

  private static let events =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_DELETE | IN_ATTRIB

  /// Why changes are not noticed at once; nil when they are.
  public private(set) var limitation: SystemError?

  /// Watches `directories` for changes.
  public init(_ directories: Set<String>) {
    self.directories = directories
    signals = csystem_open_signals()
    renew()
  }

  /// Watches `directories`, and no others.
  ///
  /// - Returns: whether they are others than before.
  public mutating func watch(_ directories: Set<String>) -> Bool {
    if directories == self.directories { return false }
    self.directories = directories
    if notices >= 0 { close(notices) }
    notices = -1
    renew()
    return true
  }

  /// Watches the directories that have these names by now, which may be others than before.
  public mutating func renew() {
    if notices < 0 { notices = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) }
    guard notices >= 0 else {
      limitation = SystemError("inotify_init1", "")
      return
    }
    limitation = nil
    for path in directories {
      if inotify_add_watch(notices, path, UInt32(Self.events)) < 0, limitation == nil {
        limitation = SystemError("inotify_add_watch", path)
      }
    }
  }

  deinit {
    if notices >= 0 { close(notices) }
    if signals >= 0 { close(signals) }
  }

  /// Returns true when something happened or somebody sent a signal, and false after `milliseconds`
  /// without.
  public func wait(milliseconds: Int32) -> Bool {
    // A descriptor below 0 is passed over.
    var descriptors = [notices, signals].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let count = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    guard count > 0 else {
      // A call that fails at once must not become a load.
      if count < 0, csystem_errno() != EINTR { usleep(Self.pause) }
      return false
    }
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      for descriptor in descriptors where descriptor.fd >= 0 {
        while read(descriptor.fd, buffer.baseAddress, buffer.count) > 0 {}
      }
    }
    return true
  }

  private static let pause: UInt32 = 250_000
}
