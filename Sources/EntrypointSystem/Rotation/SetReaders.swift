import CSystem

/// The programs that have opened the certificate of a set, and not the key yet.
///
/// Every program that shows a certificate opens that file first, and then the key's: PostgreSQL, libpq
/// and Python do. Nothing is known about how long it takes in between, as the system may put it aside;
/// but inotify(7) tells which file was opened, from the moment that this exists. A program that reads
/// only the certificate counts for a while, and then no longer.
final class SetReaders {
  /// How long a program that has opened the certificate is expected to open the key, in milliseconds.
  static let patience = 3_000

  private let notices: Int32
  private let certificateName: String
  private let keyName: String
  /// When the certificates were opened whose keys were not, and the number of the set that they belong to.
  private var waiting: [(time: Int, set: Int32)] = []
  /// Until when there may be others, whose notices may be missing.
  private var othersUntil = 0

  /// Nil where the system gives no notice.
  ///
  /// - Parameters:
  ///   - certificateName: the name of the certificate's file in a set.
  ///   - keyName: the name of the key's.
  init?(certificate certificateName: String, key keyName: String) {
    self.certificateName = certificateName
    self.keyName = keyName
    notices = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard notices >= 0 else { return nil }
  }

  deinit {
    if notices >= 0 { close(notices) }
  }

  /// Watches the set in `directory`, too.
  ///
  /// The one before stays watched as long as it is there: who was kept from opening its certificate opens
  /// the key of this one.
  func watch(_ directory: String) -> Bool {
    // Two notices of one file in a row become one, so each has one of the file itself behind it.
    ["", "/" + certificateName, "/" + keyName].allSatisfy {
      inotify_add_watch(notices, directory + $0, UInt32(IN_OPEN)) >= 0
    }
  }

  /// Opens the certificate for a lease on it, and does not count that.
  ///
  /// Not before it is needed: a file system with a file that is open for writing cannot be mounted
  /// read-only.
  func openCertificate(in directory: String) -> FileDescriptor? {
    catchUp()
    let path = directory + "/" + certificateName
    let file = try? FileDescriptor(opening: path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
    count()
    if file != nil, !waiting.isEmpty { waiting.removeLast() }
    return file
  }

  /// Whether a program is between the two.
  func areThere() -> Bool {
    count()
    let now = Clock.milliseconds
    waiting.removeAll { now - $0.time > Self.patience }
    return !waiting.isEmpty || now < othersUntil
  }

  /// Programs whose number nobody knows open a certificate from now on.
  ///
  /// The notices of two that open it at the same moment may become one, and the system may let one of them go on
  /// only after the next set is in use.
  func expectOthers() {
    othersUntil = Clock.milliseconds + Self.patience
  }

  /// Whether one is that has the certificate of the watched set in `directory`.
  func areThere(in directory: String) -> Bool {
    // The number that the set has already.
    let set = inotify_add_watch(notices, directory, UInt32(IN_OPEN))
    return areThere() && waiting.contains { $0.set == set }
  }

  /// Waits until a file is opened, or `milliseconds` have passed.
  func wait(milliseconds: Int32) {
    var descriptor = pollfd(fd: notices, events: Int16(POLLIN), revents: 0)
    poll(&descriptor, 1, milliseconds)
  }

  /// Counts what has happened since the last time, which was a while ago, and no longer who was expected then.
  ///
  /// The key that another program opens would be counted as theirs, and that one expected in their place, over
  /// and over. Patroni reads the certificate of its REST API alone whenever it starts, and at SIGHUP.
  func catchUp() {
    let now = Clock.milliseconds
    waiting.removeAll { now - $0.time > Self.patience }
    count()
  }

  /// Counts what has happened since the last time.
  private func count() {
    let now = Clock.milliseconds
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      while true {
        let length = retryingOnInterrupt { read(notices, buffer.baseAddress, buffer.count) }
        guard length > 0, var next = UnsafeRawPointer(buffer.baseAddress) else { return }
        let end = next + length
        while next < end {
          let event = next.assumingMemoryBound(to: inotify_event.self)
          if event.pointee.mask & UInt32(IN_Q_OVERFLOW) != 0 {
            // Whoever was lost among the others has been there since now at the latest.
            waiting = [(now, event.pointee.wd)]
          } else if event.pointee.len > 0 {
            opened(String(cString: csystem_event_name(event)), of: event.pointee.wd, at: now)
          }
          next += MemoryLayout<inotify_event>.size + Int(event.pointee.len)
        }
      }
    }
  }

  /// Nobody knows whose key it is; what is left over must not be older than the program that it stands for,
  /// which would be forgotten too soon.
  private func opened(_ name: String, of set: Int32, at now: Int) {
    if name == certificateName {
      waiting.append((now, set))
    } else if name == keyName, !waiting.isEmpty {
      waiting.removeFirst()
    }
  }
}
