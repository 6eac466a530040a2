import CSystem

/// The permissions of the data directory.
///
/// Kubernetes gives a volume to the pod's group when it mounts it, and makes it writable for the
/// group; PostgreSQL then refuses to start.
/// See <https://kubernetes.io/docs/tasks/configure-pod-container/security-context/>.
public enum DataDirectory {
  /// Takes away what is too much from a directory of ours at `path`, when there is one.
  ///
  /// A directory that is neither empty nor a database cluster is somebody else's, whatever the settings
  /// say, and a link leads to a place that Kubernetes has not mounted; both stay as they are.
  /// - Returns: the mode that was too much, or nil when nothing had to be done.
  /// - Throws: `SystemError` when it cannot be looked at or changed.
  public static func restrict(_ path: String) throws(SystemError) -> UInt32? {
    let directory: FileDescriptor
    do throws(SystemError) {
      directory = try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    } catch {
      // Linux says ENOTDIR of a link, with these flags.
      if error.isAbsence || error.code == ELOOP { return nil }
      throw error
    }
    let status = try directory.status()
    guard status.st_uid == geteuid(), status.st_mode & 0o027 != 0 else { return nil }
    let names = try directory.names()
    guard names.isEmpty || names.contains("PG_VERSION") else { return nil }
    // The bits that are not permissions stay: setgid is Kubernetes' own.
    try directory.setMode(status.st_mode & 0o7000 | 0o700)
    return UInt32(status.st_mode & 0o7777)
  }
}
