import CSystem

/// Directories that nobody but their owner may enter.
enum PrivateDirectory {
  /// Makes a directory at `path`, or takes the one that is there.
  static func ensure(_ path: String) throws(SystemError) {
    guard retryingOnInterrupt({ mkdir(path, 0o700) }) == 0 || csystem_errno() == EEXIST else {
      throw SystemError("mkdir", path)
    }
    let directory = try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    try directory.setMode(0o700)
  }
}
