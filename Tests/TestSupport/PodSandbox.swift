import Foundation

/// Runs a program as a pod of a scenario would: with that environment, host name and files, and
/// nothing else of this machine's.
///
/// Needs root, for namespaces.
public enum PodSandbox {
  private static let launcher =
    Repository.root + "/Tests/IntegrationTests/Python/launch.py"

  /// Mounts are private to the run.
  ///
  /// The pod's files lie where the scenario says.
  private static let script = """
    set -e
    mount -t tmpfs none /etc/ssl/certs
    mount -t tmpfs none /run
    [ -z "$FILES" ] || tar -C "$FILES" -c . | tar -x -C / --keep-directory-symlink
    exec /usr/bin/python3 "$LAUNCHER" "$HOST_NAME" "$LAUNCH"
    """

  /// Runs `words`, the first of which is an absolute path.
  public static func run(_ words: [String], in scenario: Scenario) throws -> CommandResult {
    let scratch = try TemporaryDirectory()
    let parts =
      [Array(String(words.count).utf8)] + words.map { Array($0.utf8) } + scenario.entries
    let launch = scratch.path + "/launch"
    try Data(parts.joined(separator: [0])).write(to: URL(fileURLWithPath: launch))
    return try Command.run(
      ["unshare", "--mount", "--uts", "sh", "-c", script],
      environment: [
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOST_NAME": scenario.hostName,
        "FILES": scenario.files ?? "", "LAUNCHER": launcher, "LAUNCH": launch,
      ]
    )
  }
}
