import EntrypointCore
import Foundation

extension Scenario {
  /// What the program would gather in this pod.
  public func surroundings(for environment: Environment) -> Surroundings {
    var readings: [String: Surroundings.FileReading] = [:]
    for path in Surroundings.filesToRead(for: environment) {
      let content = files.flatMap { FileManager.default.contents(atPath: $0 + path) }
      readings[path] = content.map { .content(Array($0)) } ?? .absent("No such file or directory")
    }
    let existing = Surroundings.filesToFind.filter { path in
      files.map { FileManager.default.fileExists(atPath: $0 + path) } ?? false
    }
    return Surroundings(hostName: hostName, files: readings, existing: Set(existing))
  }
}
