import CSystem
import EntrypointCore

extension Surroundings {
  /// Gathers what `environment` refers to.
  public static func gather(for environment: Environment) -> Surroundings {
    var files: [String: FileReading] = [:]
    for path in filesToRead(for: environment) { files[path] = reading(of: path) }
    if let path = configurationPath(for: environment) {
      let configuration = readingOfConfiguration(path)
      files[path] = configuration
      if case .directory(let names) = configuration {
        for name in names where isConfigurationName(name) {
          files["\(path)/\(name)"] = reading(of: "\(path)/\(name)", limit: longestConfiguration)
        }
      }
    }
    return Surroundings(
      hostName: currentHostName(),
      files: files,
      existing: Set(filesToFind(for: environment).filter { exists($0) })
    )
  }

  private static func readingOfConfiguration(_ path: String) -> FileReading {
    do throws(SystemError) {
      return .directory(try DirectoryLookup.names(in: path))
    } catch {
      return error.code == ENOTDIR
        ? reading(of: path, limit: longestConfiguration)
        : error.isAbsence ? .absent(error.reason) : .failed(error.reason)
    }
  }

  /// A file that cannot be looked at counts, so that opening it tells the system's reason.
  private static func exists(_ path: String) -> Bool {
    retryingOnInterrupt { access(path, F_OK) } == 0 || !SystemError("access", path).isAbsence
  }

  private static func reading(of path: String, limit: Int = longestFile) -> FileReading {
    do throws(SystemError) {
      let file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
      guard try file.status().isRegularFile else { return .failed("not a regular file") }
      return .content(try file.readToEnd(limit: limit))
    } catch {
      if error.code == EFBIG { return .tooLong(limit) }
      return error.isAbsence ? .absent(error.reason) : .failed(error.reason)
    }
  }

  private static func currentHostName() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let name = buffer.baseAddress,
        retryingOnInterrupt({ gethostname(name, buffer.count) }) == 0
      else { return "" }
      return String(cString: name)
    }
  }
}
