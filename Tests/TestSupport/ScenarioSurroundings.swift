import EntrypointCore
import EntrypointSystem
import Foundation

extension Scenario {
  /// What the program would gather in this pod.
  public func surroundings(for environment: Environment) -> Surroundings {
    var readings: [String: Surroundings.FileReading] = [:]
    for path in Surroundings.filesToRead(for: environment) {
      let content = files.flatMap { FileManager.default.contents(atPath: $0 + path) }
      readings[path] = content.map { .content(Array($0)) } ?? .absent("No such file or directory")
    }
    if let path = Surroundings.configurationPath(for: environment) {
      let names = files.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0 + path) }
      if let names { readings[path] = .directory(names) }
      let paths = names?.map { "\(path)/\($0)" } ?? [path]
      for path in paths {
        let content = files.flatMap { FileManager.default.contents(atPath: $0 + path) }
        readings[path] = content.map { .content(Array($0)) } ?? .absent("No such file or directory")
      }
    }
    let existing = Surroundings.filesToFind(for: environment).filter { path in
      files.map { FileManager.default.fileExists(atPath: $0 + path) } ?? false
    }
    var surroundings = Surroundings(
      hostName: hostName,
      files: readings,
      existing: Set(existing)
    )
    surroundings.certificates = surroundings.certificateFiles(for: environment).map {
      certificates($0)
    }
    return surroundings
  }

  private func certificates(_ paths: CertificateFiles<String>) -> CertificateFacts {
    let root = files ?? "/nonexistent"
    let loaded = CertificateReader.load(paths.map { root + $0 }).map { file in
      var file = file
      file.facts.path.removeFirst(root.count)
      return file
    }
    return CertificateReader.facts(about: loaded, at: Int(Date().timeIntervalSince1970))
  }
}
