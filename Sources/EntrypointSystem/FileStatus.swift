import CSystem

extension stat {
  var isRegularFile: Bool { st_mode & mode_t(S_IFMT) == mode_t(S_IFREG) }
  var isDirectory: Bool { st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR) }
}

/// Asks the file system about directories.
public enum DirectoryLookup {
  /// Whether there is a directory at `path`.
  ///
  /// One that cannot be looked at counts: whoever uses it then fails with the system's reason
  /// instead of going somewhere else without a word.
  public static func exists(_ path: String) -> Bool {
    var status = stat()
    if retryingOnInterrupt({ stat(path, &status) }) == 0 { return status.isDirectory }
    return !SystemError("stat", path).isAbsence
  }
}
