import CSystem

/// The database server, which Patroni starts.
public enum PostgresProcess {
  /// Tells the server that runs in `dataDirectory`, if one does, to read its files again.
  ///
  /// Patroni does so only at its next cycle. The process that `postmaster.pid` names is the server
  /// when it works in that directory: the file outlives a server that was killed.
  /// See <https://www.postgresql.org/docs/current/server-shutdown.html>.
  public static func reload(dataDirectory: String) {
    guard let process = process(ofDataDirectory: dataDirectory) else { return }
    kill(process, SIGHUP)
  }

  private static func process(ofDataDirectory directory: String) -> pid_t? {
    guard let file = try? FileDescriptor(opening: directory + "/postmaster.pid", O_RDONLY),
      let text = try? file.readToEnd(limit: 1 << 12),
      let line = text.split(separator: UInt8(ascii: "\n")).first,
      let process = pid_t(String(decoding: line, as: UTF8.self)), process > 1,
      let working = FileIdentity("/proc/\(process)/cwd"),
      let expected = FileIdentity(directory)
    else { return nil }
    return working == expected ? process : nil
  }
}
