import CSystem

/// When files have changed.
public enum FileTime {
  /// When the content of the file at `path` was written last, in seconds since 1970.
  public static func ofLastChange(_ path: String) -> Int? {
    var status = stat()
    guard retryingOnInterrupt({ stat(path, &status) }) == 0 else { return nil }
    return Int(status.st_mtim.tv_sec)
  }
}
