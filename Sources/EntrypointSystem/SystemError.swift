import CSystem

/// A system call that failed, and on what.
public struct SystemError: Error, Equatable, Sendable {
  /// The call's name, `open`.
  public let call: String
  /// The file that it was about.
  public let path: String
  /// What the system answered; see errno(3).
  public let code: Int32

  /// The failure of `call`, with the error number that it has just left behind.
  init(_ call: String, _ path: String) {
    self.init(call, path, code: csystem_errno())
  }

  init(_ call: String, _ path: String, code: Int32) {
    self.call = call
    self.path = path
    self.code = code
  }

  /// What the system says about the error number.
  public var reason: String { String(cString: strerror(code)) }

  /// Whether there is no such file, for certain.
  public var isAbsence: Bool { code == ENOENT || code == ENOTDIR }
}

/// Calls again as long as a signal interrupts.
func retryingOnInterrupt<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || csystem_errno() != EINTR { return result }
  }
}
