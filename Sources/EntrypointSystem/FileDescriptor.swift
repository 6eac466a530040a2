import CSystem

/// An open file, closed when it is no longer used.
struct FileDescriptor: ~Copyable {
  let number: Int32
  private let path: String

  /// Opens `path`.
  init(opening path: String, _ flags: Int32, mode: mode_t = 0) throws(SystemError) {
    let number = retryingOnInterrupt { csystem_open(path, flags | O_CLOEXEC, mode) }
    guard number >= 0 else { throw SystemError("open", path) }
    self.number = number
    self.path = path
  }

  deinit {
    close(number)
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
    var buffer = [UInt8](repeating: 0, count: 4096)
    while content.count <= limit {
      let count = retryingOnInterrupt { read(number, &buffer, buffer.count) }
      guard count >= 0 else { throw SystemError("read", path) }
      if count == 0 { return content }
      content += buffer[..<count]
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
