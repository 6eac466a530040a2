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
  /// start that was killed, and is replaced: whoever writes holds the directory's lock. What is no
  /// ordinary file, a link among them, is left as it is.
  ///
  /// - Throws: `Failure`, with code `EEXIST` for something else at `path`.
  public static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    let names = Names(path)
    do throws(SystemError) {
      try prepare(bytes, names)
    } catch {
      throw Failure(cause: error, isInPlace: false)
    }
    try commit(names)
  }

  /// The paths of a file, of the hidden one, and of their directory.
  private struct Names {
    let path: String
    let hidden: String
    let directory: String

    init(_ path: String) {
      let (directory, name) = FilePath.split(path)
      self.path = path
      self.directory = directory
      hidden = "\(directory)/.\(name).new"
    }
  }

  /// Writes the hidden file; what was there before stays.
  ///
  /// - Throws: `SystemError`, and leaves none.
  public static func prepare(_ bytes: [UInt8], for path: String) throws(SystemError) {
    try prepare(bytes, Names(path))
  }

  private static func prepare(_ bytes: [UInt8], _ names: Names) throws(SystemError) {
    var status = stat()
    if retryingOnInterrupt({ lstat(names.path, &status) }) == 0, !status.isRegularFile {
      throw SystemError("lstat", names.path, code: EEXIST)
    }
    let temporary = names.hidden
    guard retryingOnInterrupt({ unlink(temporary) }) == 0 || csystem_errno() == ENOENT else {
      throw SystemError("unlink", temporary)
    }
    do throws(SystemError) {
      try create(temporary, bytes)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Takes back what `prepare` has done.
  public static func cancel(_ path: String) {
    unlink(Names(path).hidden)
  }

  /// Puts the hidden file in the place of the old one.
  ///
  /// - Throws: `Failure`.
  public static func commit(_ path: String) throws(Failure) {
    try commit(Names(path))
  }

  private static func commit(_ names: Names) throws(Failure) {
    guard retryingOnInterrupt({ rename(names.hidden, names.path) }) == 0 else {
      let error = SystemError("rename", names.path)
      unlink(names.hidden)
      throw Failure(cause: error, isInPlace: false)
    }
    do throws(SystemError) {
      try synchronize(names.directory)
    } catch {
      throw Failure(cause: error, isInPlace: true)
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
}
