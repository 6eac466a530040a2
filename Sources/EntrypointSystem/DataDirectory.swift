import CSystem

/// The permissions of the data directory.
///
/// Kubernetes gives a volume to the pod's group when it mounts it, and makes it writable for the
/// group; PostgreSQL then refuses to start.
/// See <https://kubernetes.io/docs/tasks/configure-pod-container/security-context/>.
public enum DataDirectory {
  /// Takes away what is too much from a directory of ours at `path`, when there is one.
  ///
  /// - Returns: the permissions that were too many, or nil when nothing had to be done.
  /// - Throws: `SystemError` when they cannot be looked at or changed.
  public static func restrict(_ path: String) throws(SystemError) -> UInt32? {
    var status = stat()
    guard retryingOnInterrupt({ stat(path, &status) }) == 0 else {
      let error = SystemError("stat", path)
      if error.isAbsence { return nil }
      throw error
    }
    guard status.isDirectory, status.st_uid == geteuid() else { return nil }
    let permissions = status.st_mode & 0o777
    guard permissions & 0o027 != 0 else { return nil }
    guard retryingOnInterrupt({ chmod(path, 0o700) }) == 0 else {
      throw SystemError("chmod", path)
    }
    return UInt32(permissions)
  }
}
