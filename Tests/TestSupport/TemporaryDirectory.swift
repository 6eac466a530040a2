import Foundation

/// A directory that is gone when nobody uses it any more. Every user can enter it.
public final class TemporaryDirectory: Sendable {
  /// Its path.
  public let path: String

  /// Makes one below /tmp.
  public init() throws {
    path = "/tmp/entrypoint-test-" + UUID().uuidString.prefix(13).lowercased()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file into it, and returns its path.
  @discardableResult
  public func write(_ name: String, _ content: String, mode: Int = 0o644) throws -> String {
    let file = path + "/" + name
    try content.write(toFile: file, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    return file
  }

  /// Makes a directory in it, and returns its path.
  @discardableResult
  public func makeDirectory(_ name: String) throws -> String {
    let directory = path + "/" + name
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    return directory
  }
}
