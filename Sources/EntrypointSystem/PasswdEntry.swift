import CSystem

/// Gives the user that runs the process an entry in `/etc/passwd`.
///
/// Platforms such as OpenShift run containers under a user id that no image knows, and `initdb`
/// and libpq look the user up.
public enum PasswdEntry {
  /// What was done.
  public enum Status: Equatable, Sendable {
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
  public static func ensure(home: String) -> Status {
    let user = geteuid()
    let content: [UInt8]
    do throws(SystemError) {
      content = try FileDescriptor(opening: path, O_RDONLY).readToEnd(limit: 1 << 24)
    } catch {
      return error.isAbsence ? .missing(reason: error.reason) : .unknown(reason: error.reason)
    }
    if hasEntry(for: user, in: content) { return .present }
    // A line feed would be the beginning of somebody else's entry.
    guard !home.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: ":") }) else {
      return .missing(reason: "HOME has a colon or a control character in it")
    }
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
    let id = Array(String(user).utf8)
    var rest = content[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      let fields = line.split(
        separator: UInt8(ascii: ":"),
        maxSplits: 3,
        omittingEmptySubsequences: false
      )
      if fields.count >= 3, fields[2].elementsEqual(id) { return true }
      rest = rest.dropFirst(line.count + 1)
    }
    return false
  }
}
