import CSystem

/// Keeps other starts and watchers from writing in a directory at the same time.
///
/// The lock is the kernel's, on the directory itself: it leaves no file behind, and ends with the
/// process that holds it. See flock(2).
public final class DirectoryLock {
  /// Why there is no lock.
  public enum Failure: Error, Equatable, Sendable {
    /// Somebody else has held it all the time.
    case held
    /// The directory cannot be locked.
    case impossible(SystemError)
  }

  private let directory: FileDescriptor
  /// How often a lock that somebody holds is asked for, in milliseconds.
  private static let interval = 10

  /// Locks the directory at `path`, and waits for that until `seconds` have passed.
  ///
  /// - Throws: `Failure`.
  public init(_ path: String, waiting seconds: Int) throws(Failure) {
    do throws(SystemError) {
      directory = try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY)
    } catch {
      throw .impossible(error)
    }
    var left = seconds * 1000 / Self.interval
    while retryingOnInterrupt({ flock(directory.number, LOCK_EX | LOCK_NB) }) != 0 {
      guard csystem_errno() == EWOULDBLOCK else { throw .impossible(SystemError("flock", path)) }
      guard left > 0 else { throw .held }
      left -= 1
      usleep(UInt32(Self.interval) * 1000)
    }
  }
  /// Not left to close(2): a descriptor that could not be closed would hold the lock for as long as the
  /// process lives.
  deinit {
    _ = retryingOnInterrupt { flock(directory.number, LOCK_UN) }
  }
}
