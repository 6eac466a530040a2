import Foundation

/// Runs a program as a pod of a scenario would: with that environment, host name and files, and
/// nothing else of this machine's.
///
/// Needs root, for namespaces.
public enum PodSandbox {
  private static let launcher =
    Repository.root + "/Tests/IntegrationTests/Python/launch.py"

  /// Mounts are private to the run, and what is written to them goes with it.
  ///
  /// The pod's files lie where the scenario says.
  private static let script = """
    set -e
    mount -t tmpfs none /run
    for directory in etc home; do
      mkdir -p "/run/overlay/$directory/upper" "/run/overlay/$directory/work"
      layers="upperdir=/run/overlay/$directory/upper,workdir=/run/overlay/$directory/work"
      mount -t overlay -o "lowerdir=/$directory,$layers" none "/$directory"
    done
    mount -t tmpfs none /etc/ssl/certs
    for root in $FILES $ADDED; do
      tar -C "$root" -c . | tar -x -C / --keep-directory-symlink
    done
    exec /usr/bin/python3 "$LAUNCHER" "$HOST_NAME" "$LAUNCH"
    """

  /// Runs `words`, the first of which is an absolute path.
  ///
  /// - Parameter added: a directory with more files of the pod's, from its root.
  public static func run(
    _ words: [String],
    in scenario: Scenario,
    added: TemporaryDirectory? = nil
  ) throws -> CommandResult {
    let scratch = try TemporaryDirectory()
    let parts =
      [Array(String(words.count).utf8)] + words.map { Array($0.utf8) } + scenario.entries
    let launch = scratch.path + "/launch"
    try Data(parts.joined(separator: [0])).write(to: URL(fileURLWithPath: launch))
    return try Command.run(
      ["unshare", "--mount", "--uts", "sh", "-c", script],
      environment: [
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOST_NAME": scenario.hostName,
        "FILES": scenario.files ?? "", "ADDED": added?.path ?? "", "LAUNCHER": launcher,
        "LAUNCH": launch,
      ]
    )
  }
}
