import CSystem

/// The database server, which Patroni starts.
public enum PostgresProcess {
  /// Tells the server that runs in `dataDirectory`, if one does, to read its files again.
  ///
  /// Patroni does so only at its next cycle. `postmaster.pid` outlives a server that was killed, and
  /// its number may be another process's by then: the server is the one that is called postgres, works
  /// in that directory, and catches the signal.
  /// See <https://www.postgresql.org/docs/current/server-shutdown.html>.
  public static func reload(dataDirectory: String) {
    guard let process = process(ofDataDirectory: dataDirectory) else { return }
    _ = retryingOnInterrupt { kill(process, SIGHUP) }
  }

  /// Whether a server that runs in `dataDirectory` takes connections, by its own word in `postmaster.pid`.
  public static func isReady(dataDirectory: String) -> Bool {
    guard process(ofDataDirectory: dataDirectory) != nil,
      let file = try? FileDescriptor(opening: dataDirectory + "/postmaster.pid", O_RDONLY),
      let text = try? file.readToEnd(limit: 1 << 12)
    else { return false }
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count > 7 else { return false }
    let word = String(decoding: lines[7].prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    return word == "ready" || word == "standby"
  }

  private static func process(ofDataDirectory directory: String) -> pid_t? {
    let path = directory + "/postmaster.pid"
    guard let file = try? FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK),
      (try? file.status())?.isRegularFile == true, let text = try? file.readToEnd(limit: 1 << 12),
      let line = text.split(separator: UInt8(ascii: "\n")).first,
      let process = pid_t(String(decoding: line, as: UTF8.self)), process > 1,
      let status = try? ProcessStatus(of: process), status.name == "postgres",
      status.catchesHangup, let working = FileIdentity("/proc/\(process)/cwd"),
      let expected = FileIdentity(directory)
    else { return nil }
    return working == expected ? process : nil
  }
}
