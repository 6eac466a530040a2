import CSystem

/// Patroni as its watcher sees it: the parent process.
public enum PatroniProcess {
  /// Tells Patroni to read its configuration again.
  ///
  /// It catches SIGHUP once it has started; before that the signal would end it.
  /// - Returns: false when Patroni does not catch the signal yet.
  public static func reload() -> Bool {
    let patroni = getppid()
    guard catchesHangup(patroni), patroni != 1 || hasWorker() else { return false }
    return kill(patroni, SIGHUP) == 0
  }

  /// Whether another process of the same program catches SIGHUP.
  ///
  /// As process 1 Patroni starts another one, which does the work, and hands signals on to it, even
  /// before that one catches them.
  private static func hasWorker() -> Bool {
    guard let program = FileIdentity("/proc/1/exe") else { return true }
    guard let names = try? DirectoryLookup.names(in: "/proc") else { return true }
    for name in names {
      guard let process = pid_t(name), process != 1, FileIdentity("/proc/\(name)/exe") == program
      else { continue }
      if catchesHangup(process) { return true }
    }
    return false
  }

  /// See proc(5): `SigCgt` is a bit mask in hexadecimal, SIGHUP its lowest bit.
  private static func catchesHangup(_ process: pid_t) -> Bool {
    let path = "/proc/\(process)/status"
    guard let file = try? FileDescriptor(opening: path, O_RDONLY),
      let text = try? file.readToEnd(limit: 1 << 16)
    else { return false }
    let label = Array("SigCgt:".utf8)
    for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: label) {
      guard let digit = line.last.flatMap({ Int(String(UnicodeScalar($0)), radix: 16) }) else {
        return false
      }
      return digit & 1 == 1
    }
    return false
  }
}
