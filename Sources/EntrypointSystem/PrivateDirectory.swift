import CSystem

/// Directories that nobody but their owner may enter.
enum PrivateDirectory {
  /// Makes a directory at `path`, or takes the one that is there.
  static func ensure(_ path: String) throws(SystemError) {
    guard mkdir(path, 0o700) == 0 || csystem_errno() == EEXIST else {
      throw SystemError("mkdir", path)
    }
    let directory = try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    try directory.setMode(0o700)
  }

  /// The names in the directory at `path`, without those of the directory itself and its parent.
  static func names(in path: String) throws(SystemError) -> [String] {
    guard let directory = opendir(path) else { throw SystemError("opendir", path) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = String(cString: csystem_dirent_name(entry))
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
