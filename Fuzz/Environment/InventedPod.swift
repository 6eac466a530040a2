@testable import EntrypointCore

/// The pod that an input describes.
struct InventedPod {
  let environment: Environment
  let surroundings: Surroundings
  /// Whether every secret begins with the mark, and nothing else holds it.
  let isMarked: Bool

  init(_ input: [UInt8], mark: String) {
    let parts = input.split(separator: 0)
    let holdsMark = String(decoding: input, as: UTF8.self).contains(mark)
    let isMarked = !holdsMark && parts.contains { $0.first == 3 }
    var content: [UInt8] = []
    var hostName = "pod-0"
    var entries: [[UInt8]] = []
    for part in parts {
      switch part.first {
      case 1: content = Array(part.dropFirst())
      case 2: hostName = String(decoding: part.dropFirst(), as: UTF8.self)
      case 3: continue
      default: entries.append(isMarked ? Self.marked(Array(part), mark) : Array(part))
      }
    }
    environment = Environment(entries: entries)
    var files: [String: Surroundings.FileReading] = [:]
    if let path = Surroundings.configurationPath(for: environment) {
      files[path] = .content(content)
    }
    if isMarked { content = Array(mark.utf8) + content }
    for path in Surroundings.filesToRead(for: environment) {
      // The namespace is no secret.
      let isOurs = path == Surroundings.namespaceFile
      files[path] = isOurs ? .absent("none") : .content(content)
    }
    surroundings = Surroundings(hostName: hostName, files: files, existing: [])
    self.isMarked = isMarked
  }

  private static let secretNames = EnvironmentVariable.secrets.map { $0.name } + ["PGPASSWORD"]

  private static func marked(_ entry: [UInt8], _ mark: String) -> [UInt8] {
    guard let equals = entry.firstIndex(of: UInt8(ascii: "=")),
      secretNames.contains(String(decoding: entry[..<equals], as: UTF8.self)),
      equals + 1 < entry.count
    else { return entry }
    return entry[...equals] + Array(mark.utf8) + entry[(equals + 1)...]
  }
}
