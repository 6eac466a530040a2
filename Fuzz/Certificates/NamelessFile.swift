import Foundation

/// A file without a name in any directory, which a path leads to nevertheless.
struct NamelessFile {
  let path: String
  private let number: Int32

  init() {
    var name = Array("/tmp/fuzz-XXXXXX".utf8CString)
    number = mkstemp(&name)
    require(number >= 0 && unlink(name) == 0, "no temporary file")
    path = "/proc/self/fd/\(number)"
  }

  /// Makes `bytes` the whole content.
  func write(_ bytes: [UInt8]) {
    require(ftruncate(number, 0) == 0, "cannot be emptied")
    require(pwrite(number, bytes, bytes.count, 0) == bytes.count, "cannot be written")
  }
}
