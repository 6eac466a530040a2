import CSystem

/// Paths as texts.
public enum FilePath {
  /// The directory that a path leads into, and the name there.
  public static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[path.index(after: slash)...]))
  }

  /// The path from the root for one from the working directory.
  ///
  /// - Throws: `SystemError` when there is no working directory.
  public static func absolute(_ path: String) throws(SystemError) -> String {
    if path.hasPrefix("/") { return path }
    var buffer = [CChar](repeating: 0, count: 4096)
    guard getcwd(&buffer, buffer.count) != nil else { throw SystemError("getcwd", path) }
    let end = buffer.firstIndex(of: 0) ?? buffer.count
    let directory = String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2).drop { $0 == "/" } }
    return (directory == "/" ? "" : directory) + "/" + rest
  }
}
