import CSystem
import EntrypointCore

extension DataDirectoryFacts {
  /// Looks at the data directory at `path`.
  public static func gather(at path: String) -> DataDirectoryFacts {
    DataDirectoryFacts(
      state: state(of: path),
      userID: geteuid(),
      isFirstProcess: getpid() == 1
    )
  }

  private static func state(of path: String) -> State {
    var status = stat()
    guard retryingOnInterrupt({ stat(path, &status) }) == 0 else {
      let error = SystemError("stat", path)
      guard error.isAbsence else { return .failed(error.reason) }
      return isThere(path) ? .danglingLink : .absent(obstacle(above: path))
    }
    guard status.isDirectory else { return .notDirectory }
    let isRefused = status.st_mode & 0o027 != 0
    func content(_ names: [String], version: String?, writeFault: String?) -> State {
      .directory(
        Content(
          names: names,
          version: version,
          owner: status.st_uid,
          refusedMode: isRefused && isLink(path) ? UInt32(status.st_mode & 0o7777) : nil,
          writeFault: writeFault
        )
      )
    }
    let names: [String]
    do throws(SystemError) {
      names = try DirectoryLookup.names(in: path)
    } catch {
      // Whose it is says more than that it cannot be opened.
      guard error.code == EACCES, status.st_uid != geteuid() else { return .failed(error.reason) }
      return content([], version: nil, writeFault: error.reason)
    }
    do throws(SystemError) {
      let version = names.contains("PG_VERSION") ? try version(in: path) : nil
      return content(names, version: version, writeFault: writeFault(path)?.reason)
    } catch {
      guard error.code == EACCES, status.st_uid != geteuid() else {
        return .unreadableVersion(error.reason)
      }
      return content(names, version: nil, writeFault: error.reason)
    }
  }

  private static func version(in path: String) throws(SystemError) -> String {
    let file = try FileDescriptor(opening: path + "/PG_VERSION", O_RDONLY | O_NONBLOCK)
    let bytes = try file.readToEnd(limit: 64)
    return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return retryingOnInterrupt { stat(path, &status) } == 0 && !status.isDirectory
  }

  /// Whether something is at a path that leads nowhere.
  private static func isThere(_ path: String) -> Bool {
    var status = stat()
    return retryingOnInterrupt { lstat(path, &status) } == 0
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return retryingOnInterrupt { lstat(path, &status) } == 0 && status.isSymbolicLink
  }

  /// What keeps a directory from being made at `path`, at the nearest place above it where something is.
  private static func obstacle(above path: String) -> DataDirectoryFacts.Obstacle? {
    var rest = path[...]
    while let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) {
      rest = rest[..<slash]
      let place = rest.isEmpty ? "/" : String(rest)
      guard let fault = writeFault(place) else { return isFile(place) ? .file(place) : nil }
      if !fault.isAbsence || rest.isEmpty {
        return isFile(place) ? .file(place) : .directory(place, reason: fault.reason)
      }
      if isThere(place) { return .danglingLink(place) }
    }
    return nil
  }

  /// As the kernel says, so that a read-only mount counts, too.
  private static func writeFault(_ path: String) -> SystemError? {
    retryingOnInterrupt { access(path, W_OK | X_OK) } == 0 ? nil : SystemError("access", path)
  }
}
