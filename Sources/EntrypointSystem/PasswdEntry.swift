import CSystem

/// Gives the user that runs the process an entry in `/etc/passwd`.
///
/// Platforms such as OpenShift run containers under a user id that no image knows, and `initdb`
/// and libpq look the user up.
public enum PasswdEntry {
  /// What was done.
  public enum Outcome: Equatable, Sendable {
    /// The user has an entry.
    case present
    /// It has one now.
    case added
    /// It has none.
    case missing(reason: String)
    /// The file could not be read.
    case unknown(reason: String)
  }

  private static let path = "/etc/passwd"

  /// Appends an entry with home directory `home` when there is none for this user id.
  public static func ensure(home: String) -> Outcome {
    let user = geteuid()
    let content: [UInt8]
    do throws(SystemError) {
      content = try FileDescriptor(opening: path, O_RDONLY).readToEnd(limit: 1 << 24)
    } catch {
      return error.isAbsence ? .missing(reason: error.reason) : .unknown(reason: error.reason)
    }
    if hasEntry(for: user, in: content) { return .present }
    do throws(SystemError) {
      var line = "postgres:x:\(user):\(getegid()):PostgreSQL:\(home):/sbin/nologin\n"
      if let last = content.last, last != UInt8(ascii: "\n") { line = "\n" + line }
      try FileDescriptor(opening: path, O_WRONLY | O_APPEND).write(Array(line.utf8))
      return .added
    } catch {
      return .missing(reason: error.reason)
    }
  }

  private static func hasEntry(for user: uid_t, in content: [UInt8]) -> Bool {
    content.split(separator: UInt8(ascii: "\n")).contains { line in
      let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      return fields.count >= 3 && String(decoding: fields[2], as: UTF8.self) == String(user)
    }
  }
}
