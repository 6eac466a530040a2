import CSystem

/// Replaces files so that a reader, or a crash, meets the old content or the new, whole.
public enum AtomicFile {
  /// A file that could not be replaced, or not for good.
  public struct Failure: Error, Equatable, Sendable {
    /// What failed.
    public let cause: SystemError
    /// Whether the new file is there all the same: only the order to keep it has failed.
    ///
    /// Otherwise the old file is as it was.
    public let isInPlace: Bool
  }

  /// Makes `bytes` the content of the file at `path`, readable by its owner only.
  ///
  /// The bytes go to a hidden file in the same directory first. A leftover of that name is from a
  /// start that was killed, and is replaced.
  ///
  /// - Throws: `Failure`.
  public static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    let (directory, name) = split(path)
    do throws(SystemError) {
      try replace(path, with: bytes, through: "\(directory)/.\(name).new")
    } catch {
      throw Failure(cause: error, isInPlace: false)
    }
    do throws(SystemError) {
      try synchronize(directory)
    } catch {
      throw Failure(cause: error, isInPlace: true)
    }
  }

  private static func replace(
    _ path: String,
    with bytes: [UInt8],
    through temporary: String
  ) throws(SystemError) {
    guard retryingOnInterrupt({ unlink(temporary) }) == 0 || csystem_errno() == ENOENT else {
      throw SystemError("unlink", temporary)
    }
    do throws(SystemError) {
      try create(temporary, bytes)
      guard retryingOnInterrupt({ rename(temporary, path) }) == 0 else {
        throw SystemError("rename", path)
      }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// A directory that we may not read, or on a file system that synchronises no directories, is
  /// left to the system, as PostgreSQL leaves it.
  private static func synchronize(_ directory: String) throws(SystemError) {
    do throws(SystemError) {
      try FileDescriptor(opening: directory, O_RDONLY | O_DIRECTORY).synchronize()
    } catch {
      let isLeft = error.call == "open" ? [EACCES] : [EBADF, EINVAL]
      guard isLeft.contains(error.code) else { throw error }
    }
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
