/// The grammar of a `.pgpass` file.
///
/// See <https://www.postgresql.org/docs/current/libpq-pgpass.html>.
enum Passfile {
  /// What is wrong with a line; what stands in it is a secret and is not told.
  struct Fault: Equatable {
    let line: Int
    let message: String
  }

  /// libpq would skip such lines without a word.
  static func faults(in bytes: [UInt8]) -> [Fault] {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      return [Fault(line: 1, message: "the file is not valid UTF-8")]
    }
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      return [Fault(line: 1, message: "begins with a byte order mark, which no host name does")]
    }
    var faults: [Fault] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty && line.first != UInt8(ascii: "#") {
      let fields = fieldCount(in: line)
      if line.contains(0) {
        faults.append(Fault(line: index + 1, message: "contains a null byte"))
      } else if fields != 5 {
        faults.append(Fault(line: index + 1, message: "has \(fields) fields instead of 5"))
      }
    }
    return faults
  }

  private static func fieldCount(in line: some Collection<UInt8>) -> Int {
    var count = 1
    var isEscaped = false
    for byte in line {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: ":") {
        count += 1
      }
    }
    return count
  }
}
