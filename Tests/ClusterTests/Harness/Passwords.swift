/// The passwords that pods were given when the shell script started them.
enum Passwords {
  /// Of role postgres; with characters that mean something to YAML, to libpq and to a shell.
  static let superuser = "superuser's own"

  /// The pod's variables, with `others`.
  static func environment(_ others: [String: String]) -> [String: String] {
    [
      "PATRONI_SUPERUSER_USERNAME": "postgres", "PATRONI_SUPERUSER_PASSWORD": superuser,
      "PATRONI_REPLICATION_USERNAME": "standby", "PATRONI_REPLICATION_PASSWORD": "standby: own",
      "PATRONI_REWIND_USERNAME": "rewind", "PATRONI_REWIND_PASSWORD": "rewind # own",
    ].merging(others) { $1 }
  }
}
