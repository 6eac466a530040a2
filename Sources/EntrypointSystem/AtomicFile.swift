import CSystem

/// Replaces files so that a reader, or a crash, meets the old content or the new, whole.
public enum AtomicFile {
  /// Makes `bytes` the content of the file at `path`, readable by its owner only.
  ///
  /// The bytes go to a hidden file in the same directory first. A leftover of that name is from a
  /// start that was killed, and is replaced.
  ///
  /// - Throws: `SystemError`; the old file is then as it was.
  public static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
    let (directory, name) = split(path)
    let temporary = "\(directory)/.\(name).new"
    guard unlink(temporary) == 0 || csystem_errno() == ENOENT else {
      throw SystemError("unlink", temporary)
    }
    do throws(SystemError) {
      try create(temporary, bytes)
      guard rename(temporary, path) == 0 else { throw SystemError("rename", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    try FileDescriptor(opening: directory, O_RDONLY | O_DIRECTORY).synchronize()
  }

  private static func create(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
    let file = try FileDescriptor(
      opening: path,
      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
      mode: 0o600
    )
    try file.setMode(0o600)
    try file.write(bytes)
    try file.synchronize()
  }

  private static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[path.index(after: slash)...]))
  }
}
