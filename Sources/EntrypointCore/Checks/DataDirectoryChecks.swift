import PostgresConfig

/// What is known about the data directory before the start.
public struct DataDirectoryFacts: Equatable, Sendable {
  /// What is at its path.
  public enum State: Equatable, Sendable {
    /// Nothing, and why it cannot be made.
    case absent(Obstacle?)
    /// Something that is no directory.
    case notDirectory
    /// A symbolic link to something that is not there.
    case danglingLink
    /// It could not be looked at, for the reason that the system gave.
    case failed(String)
    /// Its file PG_VERSION is there and could not be read, for the reason that the system gave.
    case unreadableVersion(String)
    /// A directory.
    case directory(Content)
  }

  /// What stands where a directory would have to be made.
  public enum Obstacle: Equatable, Sendable {
    /// A directory in which nothing can be made, and the reason that the system gave.
    case directory(String, reason: String)
    /// A symbolic link to something that is not there.
    case danglingLink(String)
    /// Something that is no directory.
    case file(String)
  }

  /// What is known about the directory itself.
  public struct Content: Equatable, Sendable {
    /// The names in it.
    public var names: [String]
    /// What PG_VERSION says, without its line feed; nil when there is none.
    public var version: String?
    /// Whom it belongs to.
    public var owner: UInt32
    /// The mode that PostgreSQL refuses and the start leaves alone, because a link leads there; nil when there is
    /// nothing wrong with it.
    public var refusedMode: UInt32?
    /// Why the process may not write there, as the system says; nil when it may.
    public var writeFault: String?

    /// A directory's facts.
    public init(
      names: [String],
      version: String?,
      owner: UInt32,
      refusedMode: UInt32? = nil,
      writeFault: String?
    ) {
      self.names = names
      self.version = version
      self.owner = owner
      self.refusedMode = refusedMode
      self.writeFault = writeFault
    }
  }

  /// What is at its path.
  public var state: State
  /// Whom the process runs as.
  public var userID: UInt32
  /// Whether it is the container's first process, so that what it becomes has the same user.
  public var isFirstProcess: Bool

  /// Facts about a data directory.
  public init(state: State, userID: UInt32, isFirstProcess: Bool = false) {
    self.state = state
    self.userID = userID
    self.isFirstProcess = isFirstProcess
  }
}

/// Judges the data directory as `initdb` and PostgreSQL will.
///
/// Patroni would try again for ever.
/// See <https://www.postgresql.org/docs/current/creating-cluster.html>.
public enum DataDirectoryChecks {
  /// Everything that is wrong.
  static func problems(
    with facts: DataDirectoryFacts,
    at path: String,
    version: PostgresVersion,
    isVersionGiven: Bool
  ) -> [Problem] {
    var problems: [Problem] = []
    // Anywhere else something may stand in between that changes the user.
    if facts.userID == 0, facts.isFirstProcess { problems.append(.superuserOfTheSystem) }
    switch facts.state {
    case .absent(nil): break
    case .absent(let obstacle?): problems.append(problem(with: obstacle, facts.userID, at: path))
    case .notDirectory:
      problems.append(
        Problem(path, "is not a directory", hint: "Set PATRONI_POSTGRESQL_DATA_DIR to a directory.")
      )
    case .danglingLink:
      problems.append(
        Problem(path, "is a symbolic link whose target does not exist", hint: linkHint)
      )
    case .failed(let reason):
      problems.append(Problem(path, "could not access the data directory: \(reason)"))
    case .unreadableVersion(let reason):
      problems.append(Problem(path, "could not read its file PG_VERSION: \(reason)"))
    case .directory(let content):
      problems += self.problems(with: content, facts.userID, at: path)
      if let found = content.version {
        problems += judge(found, version, isVersionGiven: isVersionGiven, at: path)
      }
    }
    return problems
  }

  private static let linkHint = "Mount its target, or remove the link."

  private static func problem(
    with obstacle: DataDirectoryFacts.Obstacle,
    _ userID: UInt32,
    at path: String
  ) -> Problem {
    switch obstacle {
    case .directory(let directory, let reason):
      Problem(
        path,
        "cannot be created in directory \(quoted(directory)): \(reason)",
        hint: userID == 0 ? nil : volumeHint(userID)
      )
    case .danglingLink(let link):
      Problem(
        path,
        "cannot be created: \(quoted(link)) is a symbolic link whose target does not exist",
        hint: linkHint
      )
    case .file(let file):
      Problem(
        path,
        "cannot be created: \(quoted(file)) is not a directory",
        hint: "Set PATRONI_POSTGRESQL_DATA_DIR to another directory."
      )
    }
  }

  private static func problems(
    with content: DataDirectoryFacts.Content,
    _ userID: UInt32,
    at path: String
  ) -> [Problem] {
    var problems: [Problem] = []
    if content.owner != userID, userID != 0 {
      problems.append(
        Problem(
          path,
          "belongs to user id \(content.owner), but the process runs as \(userID)",
          detail:
            "PostgreSQL requires a data directory that its user owns; fsGroup does not change "
            + "the owner.",
          hint: content.version == nil && content.writeFault == nil
            ? "Set PATRONI_POSTGRESQL_DATA_DIR to a directory below it, which is then created."
            : "Run the pod as user id \(content.owner), or change the owner: "
              + "chown -R \(userID) \(path)."
        )
      )
    } else if let reason = content.writeFault {
      problems.append(Problem(path, "cannot be written: \(reason)", hint: volumeHint(userID)))
    } else if let mode = content.refusedMode, content.version != nil || content.names.isEmpty {
      problems.append(modeProblem(mode, isEmpty: content.version == nil, at: path))
    }
    if content.version != nil || content.names.isEmpty { return problems }
    if content.names.allSatisfy(isOfMount), let name = content.names.sorted().last {
      problems.append(
        Problem(
          path,
          "is the mount point of a volume",
          detail:
            "It holds \(quoted(name)), and initdb requires an empty directory.",
          hint: "Set PATRONI_POSTGRESQL_DATA_DIR to a directory below it, such as "
            + "\(path == "/" ? "" : path)/data."
        )
      )
    } else if let name = content.names.sorted().first {
      problems.append(
        Problem(
          .warning,
          path,
          "is neither empty nor a data directory",
          detail: "It holds \(quoted(name)) but no file PG_VERSION.",
          hint: "Set PATRONI_POSTGRESQL_DATA_DIR to another directory; to replace the rest of an "
            + "interrupted copy, run patronictl reinit."
        )
      )
    }
    return problems
  }

  /// initdb sets the mode of an empty directory; pg_basebackup, which makes a standby, does not.
  private static func modeProblem(_ mode: UInt32, isEmpty: Bool, at path: String) -> Problem {
    Problem(
      isEmpty ? .warning : .error,
      path,
      "has mode \(octal(mode)), but PostgreSQL starts only with 0700 or 0750",
      detail: "It is a symbolic link, and a start does not change the mode of its target.",
      hint: "Change it: chmod 0700 \(path)"
    )
  }

  /// PostgreSQL, too, reads the digits at the beginning only.
  private static func judge(
    _ found: String,
    _ version: PostgresVersion,
    isVersionGiven: Bool,
    at path: String
  ) -> [Problem] {
    let digits = found.utf8.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard !digits.isEmpty else {
      return [
        Problem(
          path,
          "is not a valid data directory",
          detail: "Its file PG_VERSION contains no version"
            + (found.isEmpty ? "." : ": \(quoted(found))."),
          hint: "Restore the data, or set PATRONI_POSTGRESQL_DATA_DIR to another directory."
        )
      ]
    }
    if String(Substring(digits)) == String(version.major) { return [] }
    return [
      Problem(
        isVersionGiven ? .error : .warning,
        path,
        "holds a database cluster of PostgreSQL \(quoted(found)), but PG_MAJOR is "
          + (isVersionGiven ? "\(version.major)" : "not set, which means \(version.major)"),
        detail: "PostgreSQL reads only the data of its own major version.",
        hint: isVersionGiven
          ? "Use an image of that version, or upgrade the data with pg_upgrade."
          : "Set PG_MAJOR to the version of the image."
      )
    ]
  }

  /// What file systems and storage drivers leave in a volume.
  private static func isOfMount(_ name: String) -> Bool {
    name == "lost+found" || name.hasPrefix(".")
  }

  private static func volumeHint(_ userID: UInt32) -> String {
    "Set fsGroup in the pod's securityContext to a group of user id \(userID), and mount the "
      + "volume read-write."
  }
}

extension Problem {
  fileprivate static let superuserOfTheSystem = Problem(
    "user id 0",
    "cannot run PostgreSQL",
    detail: "initdb and the server refuse to run as root.",
    hint: "Set runAsUser in the pod's securityContext, or USER in the image."
  )
}
