/// What a watcher says of settings.
extension Problem {
  /// The last line about a change that was accepted.
  public static func settingsInUse(_ file: String, since now: Int, before: Int) -> Problem {
    Problem(
      .note,
      file,
      "is in use since \(timestamp(now)), replacing the one of \(timestamp(before))"
    )
  }

  /// The last line about a change that was refused.
  public static func settingsRefused(since: Int) -> Problem {
    Problem(
      .warning,
      EnvironmentVariable.settingsReload.name,
      "the changed settings are rejected, and those of \(timestamp(since)) remain in use",
      hint: "Correct them; they are read again when they change."
    )
  }

  /// The file for the nodes' own passwords is another one.
  public static func passfileReplaced(_ file: String) -> Problem {
    Problem(.note, EnvironmentVariable.nodePassfile.name, "\(quoted(file)) was replaced")
  }
}
