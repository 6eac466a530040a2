import Foundation

/// A directory that is gone when nobody uses it any more.
///
/// Every user can enter it.
public final class TemporaryDirectory: Sendable {
  /// Its path.
  public let path: String

  /// Where nothing waits for a disk.
  public static let memory = "/dev/shm"

  /// Servers and programs run as other users and read what is written for them, whoever starts the tests.
  private static let usualModes: Void = { _ = umask(0o022) }()

  /// Makes one below `parent`.
  public init(below parent: String = "/tmp") throws {
    Self.usualModes
    path = "\(parent)/entrypoint-test-" + UUID().uuidString.prefix(13).lowercased()
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

  /// Writes a script into it that can be executed at once, and returns its path.
  ///
  /// Another process does it: a file that was written here might still be open for writing in a
  /// program that another thread has just started, and could not be executed then.
  @discardableResult
  public func writeScript(_ name: String, _ content: String) throws -> String {
    let source = try write(name + ".source", content)
    let file = path + "/" + name
    try Command.output(["install", "-m", "0755", source, file])
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
