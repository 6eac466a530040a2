import Foundation

/// Places in the repository.
public enum Repository {
  /// Its top.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The Python environment that `scripts/setup.sh` makes.
  public static let virtualEnvironment = root + "/.build/venv"

  /// The release binary, which `make release` builds; or another one that ENTRYPOINT_BINARY names, by which
  /// scripts/coverage.sh has its lines counted and scripts/matrix/debian-13.sh another build judged.
  public static let releaseBinary = givenBinary ?? root + "/dist/entrypoint"

  /// Whether it is another one than this machine's.
  public static let isReleaseBinaryGiven = givenBinary != nil

  private static let givenBinary = ProcessInfo.processInfo.environment["ENTRYPOINT_BINARY"]

  /// Files below `folder`, a path from the top, as text.
  public static func read(_ path: String) throws -> String {
    try String(contentsOfFile: root + "/" + path, encoding: .utf8)
  }
}
