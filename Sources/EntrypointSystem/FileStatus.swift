import CSystem

extension stat {
  var isRegularFile: Bool { st_mode & mode_t(S_IFMT) == mode_t(S_IFREG) }
  var isSymbolicLink: Bool { st_mode & mode_t(S_IFMT) == mode_t(S_IFLNK) }
  var isDirectory: Bool { st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR) }
}

/// Which file a path leads to.
public struct FileIdentity: Equatable {
  private let device: dev_t
  private let number: ino_t

  /// Nil when the file cannot be looked at.
  public init?(_ path: String) {
    var status = stat()
    guard retryingOnInterrupt({ stat(path, &status) }) == 0 else { return nil }
    device = status.st_dev
    number = status.st_ino
  }
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

  /// Whether there is a file at `path`.
  public static func hasFile(_ path: String) -> Bool {
    retryingOnInterrupt { access(path, F_OK) } == 0
  }

  /// The names in the directory at `path`, without those of the directory itself and its parent.
  ///
  /// - Throws: `SystemError`, with code `ENOTDIR` when it is something else.
  static func names(in path: String) throws(SystemError) -> [String] {
    var opened = opendir(path)
    while opened == nil, csystem_errno() == EINTR { opened = opendir(path) }
    guard let directory = opened else { throw SystemError("opendir", path) }
    defer { closedir(directory) }
    return try names(of: directory, path)
  }

  static func names(of directory: OpaquePointer, _ path: String) throws(SystemError) -> [String] {
    var names: [String] = []
    while true {
      if let entry = csystem_readdir(directory) {
        let name = String(cString: csystem_entry_name(entry))
        if name != ".", name != ".." { names.append(name) }
      } else if csystem_errno() == 0 {
        return names
      } else if csystem_errno() != EINTR {
        throw SystemError("readdir", path)
      }
    }
  }
}
