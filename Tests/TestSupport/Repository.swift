import Foundation

/// Places in the repository.
public enum Repository {
  /// Its top.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The Python environment that `scripts/setup.sh` makes.
  public static let virtualEnvironment = root + "/.build/venv"

  /// The release binary, which `make release` builds.
  public static let releaseBinary = root + "/dist/entrypoint"

  /// Files below `folder`, a path from the top, as text.
  public static func read(_ path: String) throws -> String {
    try String(contentsOfFile: root + "/" + path, encoding: .utf8)
  }
}
