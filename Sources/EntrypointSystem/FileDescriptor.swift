import CSystem

/// An open file, closed when it is no longer used.
struct FileDescriptor: ~Copyable {
  let number: Int32
  private let path: String

  /// Opens `path`.
  init(opening path: String, _ flags: Int32, mode: mode_t = 0) throws(SystemError) {
    self.path = path
    number = retryingOnInterrupt { csystem_open(path, flags | O_CLOEXEC, mode) }
    guard number >= 0 else { throw SystemError("open", path) }
  }

  /// Takes over a file that is open.
  init(adopting number: Int32, _ path: String) {
    self.number = number
    self.path = path
  }

  /// Opens `name` in a directory, whatever has become of the directory's own name meanwhile.
  init(
    opening name: String,
    in directory: borrowing FileDescriptor,
    _ flags: Int32,
    mode: mode_t = 0
  ) throws(SystemError) {
    path = directory.path + "/" + name
    number = retryingOnInterrupt {
      csystem_openat(directory.number, name, flags | O_CLOEXEC, mode)
    }
    guard number >= 0 else { throw SystemError("open", path) }
  }

  deinit {
    close(number)
  }

  /// The names in a directory, without those of the directory itself and its parent.
  func names() throws(SystemError) -> [String] {
    let copy = csystem_openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard copy >= 0, let directory = fdopendir(copy) else {
      let error = SystemError("opendir", path)
      if copy >= 0 { close(copy) }
      throw error
    }
    defer { closedir(directory) }
    return try DirectoryLookup.names(of: directory, path)
  }

  /// Takes `name` out of a directory; a link, and not what it leads to.
  func remove(_ name: String, isDirectory: Bool = false) {
    unlinkat(number, name, isDirectory ? AT_REMOVEDIR : 0)
  }

  /// Makes `bytes` the whole content.
  func overwrite(with bytes: [UInt8]) {
    guard lseek(number, 0, SEEK_SET) == 0, writeAll(bytes, to: number) else { return }
    _ = retryingOnInterrupt { ftruncate(number, off_t(bytes.count)) }
  }

  func write(_ bytes: [UInt8]) throws(SystemError) {
    guard writeAll(bytes, to: number) else { throw SystemError("write", path) }
  }

  /// Whatever the umask says.
  func setMode(_ mode: mode_t) throws(SystemError) {
    guard retryingOnInterrupt({ fchmod(number, mode) }) == 0 else {
      throw SystemError("fchmod", path)
    }
  }

  func synchronize() throws(SystemError) {
    guard retryingOnInterrupt({ fsync(number) }) == 0 else { throw SystemError("fsync", path) }
  }

  func status() throws(SystemError) -> stat {
    var status = stat()
    guard retryingOnInterrupt({ fstat(number, &status) }) == 0 else {
      throw SystemError("fstat", path)
    }
    return status
  }

  /// The rest of the file, `limit` bytes of it at most.
  func readToEnd(limit: Int) throws(SystemError) -> [UInt8] {
    var content: [UInt8] = []
    try readToEnd(limit: limit) { content += $0 }
    return content
  }

  /// As `readToEnd(limit:)`, part by part.
  func readToEnd(limit: Int, _ take: (ArraySlice<UInt8>) -> Void) throws(SystemError) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var total = 0
    while total <= limit {
      let count = retryingOnInterrupt { read(number, &buffer, buffer.count) }
      guard count >= 0 else { throw SystemError("read", path) }
      if count == 0 { return }
      total += count
      take(buffer[..<count])
    }
    throw SystemError("read", path, code: EFBIG)
  }
}

/// Writes all of `bytes`; false when the system refuses.
func writeAll(_ bytes: [UInt8], to number: Int32) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = retryingOnInterrupt {
        write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
