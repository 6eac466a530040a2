import CSystem

/// What the kernel says of a process.
///
/// See proc(5): both files can be read by everybody.
struct ProcessStatus {
  /// The name of the program, of which the kernel keeps 15 bytes.
  let name: String
  /// Whether SIGHUP does something else than end it, or nothing.
  let catchesHangup: Bool

  /// - Throws: `SystemError` when nothing can be found out about the process.
  init(of process: pid_t) throws(SystemError) {
    let path = "/proc/\(process)/status"
    let text = try FileDescriptor(opening: path, O_RDONLY).readToEnd(limit: 1 << 16)
    func field(_ label: String) -> ArraySlice<UInt8>? {
      let label = Array(label.utf8)
      let line = text.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: label) }
      return line?.dropFirst(label.count)
    }
    guard let name = field("Name:\t"), let caught = field("SigCgt:\t") else {
      throw SystemError("read", path, code: EINVAL)
    }
    self.name = String(decoding: name, as: UTF8.self)
    // A bit mask in hexadecimal, SIGHUP its lowest bit.
    let digit = caught.last.flatMap { Int(String(UnicodeScalar($0)), radix: 16) } ?? 0
    catchesHangup = digit & 1 == 1
  }
}

/// A process, and no other that has got its number later.
public struct ProcessIdentity: Equatable, Sendable {
  /// Its number.
  public let number: pid_t
  /// When it was started, in the kernel's ticks since the machine was.
  let start: String
  /// `R` for running, `S` for sleeping, `T` for stopped, `Z` for ended.
  private let state: String

  /// Nil when there is no such process, or when nothing can be found out.
  public init?(_ number: pid_t) {
    let file = try? FileDescriptor(opening: "/proc/\(number)/stat", O_RDONLY)
    guard let text = try? file?.readToEnd(limit: 1 << 12) else { return nil }
    // The second field is a name in parentheses, which may hold any byte.
    guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19 else { return nil }
    self.number = number
    state = String(decoding: fields[0], as: UTF8.self)
    start = String(decoding: fields[19], as: UTF8.self)
  }

  /// Two fields, the number and the start.
  init?(words: [Substring]) {
    guard words.count == 2, let number = pid_t(String(words[0])), number > 0 else { return nil }
    self.number = number
    start = String(words[1])
    state = ""
  }

  /// The process as it is now; nil when it has ended.
  var now: ProcessIdentity? {
    guard let found = ProcessIdentity(number), found.start == start, found.state != "Z" else {
      return nil
    }
    return found
  }

  /// Whether it has ended for certain: a process that cannot be looked at may still run.
  var hasEnded: Bool {
    if kill(number, 0) != 0 { return csystem_errno() == ESRCH }
    guard let found = ProcessIdentity(number) else { return false }
    return found.start != start || found.state == "Z"
  }

  var isStopped: Bool { state == "T" || state == "t" }

  /// The process itself.
  static var own: ProcessIdentity? { ProcessIdentity(getpid()) }

  var text: String { "\(number) \(start)" }
}
