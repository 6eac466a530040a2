import Foundation
import TestSupport

/// All that is in a directory.
struct DirectorySnapshot: Equatable {
  /// Something in a directory.
  enum Entry: Equatable {
    case directory
    case link(String)
    case file(String, mode: Int)

    /// The text of a file.
    var text: String? {
      guard case .file(let text, _) = self else { return nil }
      return text
    }
  }

  /// What there is, by its path from the directory.
  private(set) var entries: [String: Entry] = [:]

  init(of directory: String) throws {
    let files = FileManager.default
    for name in try files.subpathsOfDirectory(atPath: directory) where !Self.isCondition(name) {
      let path = directory + "/" + name
      let attributes = try files.attributesOfItem(atPath: path)
      switch attributes[.type] as? FileAttributeType {
      case .typeDirectory: entries[name] = .directory
      case .typeSymbolicLink:
        entries[name] = .link(try files.destinationOfSymbolicLink(atPath: path))
      default:
        let mode = attributes[.posixPermissions] as? Int ?? 0
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        entries[name] = .file(String(decoding: data, as: UTF8.self), mode: mode)
      }
    }
  }

  /// Whether it is a file in which a watcher says how it is, at a moment of its own.
  private static func isCondition(_ name: String) -> Bool {
    name.split(separator: "/").last.map { $0.hasPrefix("watcher.") || $0.hasPrefix(".watcher.") }
      ?? false
  }

  subscript(name: String) -> Entry? { entries[name] }

  /// Makes the content of `directory` this again, and gives it to `owner`.
  func restore(to directory: String, owner: Int) throws {
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: directory) {
      try files.removeItem(atPath: directory + "/" + name)
    }
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let path = directory + "/" + name
      switch entry {
      case .directory:
        try files.createDirectory(atPath: path, withIntermediateDirectories: false)
        try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
      case .link(let target):
        try files.createSymbolicLink(atPath: path, withDestinationPath: target)
      case .file(let text, let mode):
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      }
      if owner != 0 { lchown(path, uid_t(owner), gid_t(owner)) }
    }
  }
}
