import EntrypointCore
import EntrypointSystem
import Foundation

extension Scenario {
  /// The environment with the settings of the pod's files, as the program would read them.
  public var podEnvironment: Environment {
    var environment = Environment(entries: entries)
    guard let path = SettingsDirectory.path(for: environment) else { return environment }
    let root = files ?? "/nonexistent"
    let names = try? FileManager.default.contentsOfDirectory(atPath: root + path)
    let directory = SettingsDirectory(
      at: path,
      names.map { .directory($0) } ?? .absent("No such file or directory")
    ) { path, _ in
      var isDirectory: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: root + path, isDirectory: &isDirectory)
      if isDirectory.boolValue { return .failed("not a regular file") }
      return FileManager.default.contents(atPath: root + path).map { .content(Array($0)) }
        ?? .absent("No such file or directory")
    }
    environment.add(directory)
    return environment
  }

  /// What the program would gather in this pod.
  public func podFiles(for environment: Environment) -> PodFiles {
    var readings: [String: PodFiles.FileReading] = [:]
    for path in PodFiles.filesToOutline(for: environment) {
      let content = files.flatMap { FileManager.default.contents(atPath: $0 + path) }
      let isPath = path.hasPrefix("/") && hasDirectory(of: path)
      let reason = "No such file or directory"
      var outline = PEMOutline()
      outline.add(content ?? Data())
      outline.finish()
      readings[path] =
        content == nil ? isPath ? .absent(reason) : .nowhere(reason) : .pem(outline)
    }
    for path in PodFiles.filesToRead(for: environment) {
      let content = files.flatMap { FileManager.default.contents(atPath: $0 + path) }
      let reason = "No such file or directory"
      let isPath = path.hasPrefix("/") && hasDirectory(of: path)
      readings[path] =
        content.map { .content(Array($0)) } ?? (isPath ? .absent(reason) : .nowhere(reason))
    }
    if let path = PodFiles.configurationPath(for: environment) {
      let names = files.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0 + path) }
      if let names { readings[path] = .directory(names) }
      let paths = names?.map { "\(path)/\($0)" } ?? [path]
      for path in paths {
        let content = files.flatMap { FileManager.default.contents(atPath: $0 + path) }
        readings[path] = content.map { .content(Array($0)) } ?? .absent("No such file or directory")
      }
    }
    let existing = PodFiles.filesToFind(for: environment).filter { path in
      files.map { FileManager.default.fileExists(atPath: $0 + path) } ?? false
    }
    var podFiles = PodFiles(
      hostName: hostName,
      contents: readings,
      existing: Set(existing)
    )
    podFiles.readServerFiles { path in
      let content = files.flatMap { FileManager.default.contents(atPath: $0 + path) }
      return content.map { .content(Array($0)) } ?? .absent("No such file or directory")
    }
    podFiles.certificates = podFiles.certificateFiles(for: environment).map {
      certificates($0)
    }
    return podFiles
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

  private func hasDirectory(of path: String) -> Bool {
    guard let end = path.lastIndex(of: "/"), end > path.startIndex, let files else { return false }
    return FileManager.default.fileExists(atPath: files + path[..<end])
  }
}
