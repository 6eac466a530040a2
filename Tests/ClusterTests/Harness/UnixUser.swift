import Foundation

/// Who a process runs as.
struct UnixUser {
  let id: uid_t
  let group: gid_t

  /// The user of Debian's PostgreSQL.
  static let postgres = named("postgres")

  /// An id that no file knows, in the group of root, as OpenShift runs containers.
  static let unknown = UnixUser(id: 1_000_690_000, group: 0)

  private static func named(_ name: String) -> UnixUser {
    guard let entry = getpwnam(name) else { preconditionFailure("there is no user \(name)") }
    return UnixUser(id: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
  }

  /// What comes before a command that this user is to run.
  var words: [String] {
    ["setpriv", "--reuid=\(id)", "--regid=\(group)", "--clear-groups"]
  }

  /// Makes this user the owner of a file.
  func own(_ path: String) { chown(path, id, group) }
}
