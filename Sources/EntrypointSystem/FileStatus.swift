import CSystem

extension stat {
  var isRegularFile: Bool { st_mode & mode_t(S_IFMT) == mode_t(S_IFREG) }
  var isDirectory: Bool { st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR) }
}

/// Asks the file system about directories.
public enum DirectoryLookup {
  /// Whether there is a directory at `path`.
  public static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.isDirectory
  }

  /// The names of what is in the directory at `path`; nil when there is no such directory.
  static func names(in path: String) -> [String]? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(String(cString: csystem_entry_name(entry)))
    }
    return names
  }
}
