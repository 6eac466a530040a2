import CSystem
import EntrypointCore

extension Surroundings {
  /// Gathers what `environment` refers to.
  public static func gather(for environment: Environment) -> Surroundings {
    var files: [String: FileReading] = [:]
    for path in filesToRead(for: environment) { files[path] = reading(of: path) }
    return Surroundings(
      hostName: currentHostName(),
      files: files,
      existing: Set(filesToFind.filter { access($0, F_OK) == 0 })
    )
  }

  private static func reading(of path: String) -> FileReading {
    do throws(SystemError) {
      let file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
      guard try file.status().isRegularFile else { return .failed("not a regular file") }
      return .content(try file.readToEnd(limit: longestFile))
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
