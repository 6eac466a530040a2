import CSystem

/// Directories that nobody but their owner may enter.
enum PrivateDirectory {
  /// Makes a directory at `path`, or takes the one that is there.
  static func ensure(_ path: String) throws(SystemError) {
    do throws(SystemError) {
      try make(path)
    } catch {
      guard error.call == "mkdir", error.code == EEXIST else { throw error }
      try restrict(path)
    }
  }

  /// Makes a directory at `path`, where there is nothing yet.
  static func make(_ path: String) throws(SystemError) {
    guard retryingOnInterrupt({ mkdir(path, 0o700) }) == 0 else { throw SystemError("mkdir", path) }
    try restrict(path)
  }

  private static func restrict(_ path: String) throws(SystemError) {
    let directory = try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    // On a volume that has become read-only, one that is as it should be will do.
    if let status = try? directory.status(), status.st_mode & 0o7777 == 0o700 { return }
    try directory.setMode(0o700)
  }
}
