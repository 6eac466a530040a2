import CSystem
import EntrypointCore

extension Surroundings {
  /// Gathers what `environment` refers to.
  public static func gather(for environment: Environment) -> Surroundings {
    var files: [String: FileReading] = [:]
    for path in filesToRead(for: environment) { files[path] = reading(of: path) }
    if let path = configurationPath(for: environment) {
      let names = DirectoryLookup.names(in: path)
      files[path] =
        names.map { .directory($0) } ?? reading(of: path, limit: longestConfiguration)
      for name in names ?? [] where isConfigurationName(name) {
        files["\(path)/\(name)"] = reading(of: "\(path)/\(name)", limit: longestConfiguration)
      }
    }
    return Surroundings(
      hostName: currentHostName(),
      files: files,
      existing: Set(filesToFind(for: environment).filter { access($0, F_OK) == 0 })
    )
  }

  private static func reading(of path: String, limit: Int = longestFile) -> FileReading {
    do throws(SystemError) {
      let file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
      guard try file.status().isRegularFile else { return .failed("not a regular file") }
      return .content(try file.readToEnd(limit: limit))
    } catch {
      return .failed(error.reason)
    }
  }

  private static func currentHostName() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let name = buffer.baseAddress, gethostname(name, buffer.count) == 0 else { return "" }
      return String(cString: name)
    }
  }
}
