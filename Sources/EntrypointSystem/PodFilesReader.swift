import CSystem
import EntrypointCore

extension SettingsDirectory {
  /// Reads the directory that `environment` names, or the usual one; nil when a faulty value names it.
  public static func read(for environment: Environment) -> SettingsDirectory? {
    path(for: environment).map { path in
      SettingsDirectory(at: path, PodFiles.listing(of: path)) {
        PodFiles.reading(of: $0, limit: $1)
      }
    }
  }
}

extension PodFiles {
  fileprivate static func listing(of path: String) -> FileReading {
    do throws(SystemError) {
      return .directory(try DirectoryLookup.names(in: path))
    } catch {
      return error.code == ENOENT ? .absent(error.reason) : .failed(error.reason)
    }
  }

  /// Gathers what `environment` refers to.
  public static func gather(for environment: Environment) -> PodFiles {
    var files: [String: FileReading] = [:]
    for path in filesToOutline(for: environment) { files[path] = outline(of: path) }
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
    var podFiles = PodFiles(
      hostName: currentHostName(),
      contents: files,
      existing: Set(filesToFind(for: environment).filter { exists($0) })
    )
    podFiles.readServerFiles { reading(of: $0) }
    podFiles.dataDirectory = .gather(at: dataDirectory(for: environment))
    return podFiles
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

  fileprivate static func reading(of path: String, limit: Int = longestFile) -> FileReading {
    reading(of: path, limit: limit) { file throws(SystemError) in
      .content(try file.readToEnd(limit: limit))
    }
  }

  private static func outline(of path: String) -> FileReading {
    reading(of: path, limit: longestFile) { file throws(SystemError) in
      var outline = PEMOutline()
      try file.readToEnd(limit: longestFile) { outline.add($0) }
      outline.finish()
      return .pem(outline)
    }
  }

  private static func reading(
    of path: String,
    limit: Int,
    _ read: (borrowing FileDescriptor) throws(SystemError) -> FileReading
  ) -> FileReading {
    do throws(SystemError) {
      let file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
      guard try file.status().isRegularFile else { return .failed("not a regular file") }
      return try read(file)
    } catch {
      if error.code == EFBIG { return .tooLong(limit) }
      if isNoPath(path, error) { return .nowhere(error.reason) }
      return error.isAbsence ? .absent(error.reason) : .failed(error.reason)
    }
  }

  /// A password in the place of a file's name is not printed as one.
  private static func isNoPath(_ path: String, _ error: SystemError) -> Bool {
    if error.code == ENAMETOOLONG || !path.hasPrefix("/") { return true }
    let directory = FilePath.split(path).directory
    return error.isAbsence && (directory == "/" || !DirectoryLookup.exists(directory))
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
