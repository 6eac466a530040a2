import Foundation
import TestSupport
import Testing

/// Every system call of a start fails once in every way, and the process is killed at each one.
///
/// The calls are those that strace sees in a start without a fault.
@Suite struct FaultTests {
  struct ErrorNumber: Sendable, CustomTestStringConvertible {
    let name: String
    let code: Int32
    var testDescription: String { name }
  }

  private static let errors = [
    ErrorNumber(name: "EIO", code: EIO), ErrorNumber(name: "ENOSPC", code: ENOSPC),
    ErrorNumber(name: "EACCES", code: EACCES), ErrorNumber(name: "EINTR", code: EINTR),
    ErrorNumber(name: "EMFILE", code: EMFILE), ErrorNumber(name: "ENOMEM", code: ENOMEM),
    ErrorNumber(name: "EROFS", code: EROFS),
  ]

  // The errors that these calls can have by their manuals; the others are about files, and those
  // can have any. The kernel's brk has none: it gives the old end of memory back.
  private static let possible: [String: [Int32]] = [
    "brk": [], "mmap": [ENOMEM], "mprotect": [ENOMEM], "munmap": [ENOMEM], "mremap": [ENOMEM],
    "getrandom": [EINTR], "prlimit64": [], "arch_prctl": [], "set_tid_address": [],
    "set_robust_list": [], "rseq": [], "rt_sigaction": [], "rt_sigprocmask": [], "getpid": [],
    "geteuid": [], "getegid": [], "gettid": [], "futex": [],
  ]

  @Test(arguments: FaultyPod.Kind.allCases, errors)
  func aCallThatFails(_ kind: FaultyPod.Kind, _ error: ErrorNumber) throws {
    let pod = try FaultyPod(kind)
    let calls = try SystemCallTrace(of: pod.command, environment: pod.environment).calls.filter {
      Self.possible[$0.name]?.contains(error.code) ?? true
    }
    #expect(calls.count >= 25)
    for call in calls {
      try pod.reset()
      let result = try pod.start(SystemCallTrace.injecting("error=\(error.name)", at: call))
      let outcome = Outcome(of: call, failingWith: error.code, in: pod)
      let story: Comment = "\(error.name) at \(call.description): \(result)"
      #expect(outcome.exitCodes.contains(result.exitCode), story)
      #expect(result.output == (result.exitCode == 0 ? "started\n" : ""), story)
      #expect(call.isBeforeMain || result.exitCode == 0 || result.hasError, story)
      if let message = result.exitCode == 0 ? outcome.warning : outcome.message {
        #expect(result.errors.contains(message), story)
      }
      #expect(!FaultyPod.hasSecret(result.errors), story)
      #expect(pod.isWhole, story)
      #expect(pod.isNew || result.exitCode != 0, story)
      if let name = outcome.untouched {
        #expect(pod.content(name) == FaultyPod.oldContent(name), story)
      }
      #expect(Set(try pod.files()).isSubset(of: pod.written.keys), story)
      #expect(try pod.exposedFiles() == [], story)
    }
  }

  /// A limit of memory in the place of a call that fails: it ends the C library, us, or nobody.
  @Test func aLackOfMemory() throws {
    let pod = try FaultyPod(.passwords)
    var codes: Set<Int32> = []
    for kilobytes in stride(from: 0, through: 4096, by: 32) {
      try pod.reset()
      let result = try pod.start(["prlimit", "--data=\(kilobytes * 1024)"])
      codes.insert(result.exitCode)
      let story: Comment = "\(kilobytes) kB: \(result)"
      #expect(!FaultyPod.hasSecret(result.errors), story)
      #expect(pod.isWhole, story)
      #expect(try pod.exposedFiles() == [], story)
    }
    #expect(codes.contains(0))
    #expect(codes.count > 1)
  }

  @Test(arguments: FaultyPod.Kind.allCases)
  func aKillAtACall(_ kind: FaultyPod.Kind) throws {
    let pod = try FaultyPod(kind)
    let calls = try SystemCallTrace(of: pod.command, environment: pod.environment).calls
    for call in calls {
      try pod.reset()
      let result = try pod.start(SystemCallTrace.injecting("signal=SIGKILL", at: call))
      let story: Comment = "killed at \(call.description): \(result)"
      #expect(result.exitCode == 137, story)
      for (name, new) in pod.written where FaultyPod.oldContent(name) != nil {
        #expect([FaultyPod.oldContent(name), new].contains(pod.content(name)), story)
      }
      #expect(try pod.exposedFiles() == [], story)

      // What is left of the killed one is cleaned up; copied certificates are a new set then.
      #expect(try pod.start([]).output == "started\n", story)
      let names = try pod.files().map { $0.filter { !$0.isNumber } }
      #expect(Set(names) == Set(pod.written.keys.map { $0.filter { !$0.isNumber } }), story)
      if kind != .rotation { #expect(pod.isNew, story) }
    }
  }
}

extension CommandResult {
  /// Whether one of our own errors was told.
  fileprivate var hasError: Bool {
    errors.split(separator: "\n").contains { $0.hasPrefix("entrypoint: error: ") }
  }
}

/// What a start should come to when one call of it fails.
struct Outcome {
  /// Any of these.
  var exitCodes: Set<Int32> = [0]
  /// What standard error must hold when the start fails.
  var message: String?
  /// What it must hold otherwise.
  var warning: String?
  /// The file that must be as it was.
  var untouched: String?

  init(of call: SystemCallTrace.Call, failingWith code: Int32, in pod: FaultyPod) {
    let reason = String(cString: strerror(code))
    let path = call.path ?? ""
    if code == EINTR || call.name == "close" { return }
    if call.isBeforeMain {
      // The C library may give up.
      exitCodes = [0, 127]
      return
    }
    if call.name == "execve" {
      exitCodes = [126]
      message = "entrypoint: error: patroni: could not execute: \(reason)\n"
    } else if let name = pod.written.keys.first(where: {
      path == pod.home.path + "/." + $0 + ".new"
    }) {
      exitCodes = [73]
      message = "\(pod.home.path)/\(name): could not write file: \(reason)\n"
      untouched = name
    } else if path == pod.home.path {
      // PostgreSQL, too, leaves a directory that it may not read to the system.
      guard call.name != "openat" || code != EACCES else { return }
      exitCodes = [73]
      message = "; the new file is there, but a crash of the machine could undo that.\n"
    } else if path.hasPrefix(pod.mounted.path + "/pass") {
      exitCodes = [78]
      message = "could not read file \"\(path)\": \(reason)\n"
    } else if path.hasPrefix(pod.mounted.path) {
      // Certificates are looked at twice; when the second look fails they are read once more.
      exitCodes = [0, 78]
      message = reason
    } else if path.hasPrefix(pod.home.path + "/.postgresql-tls") {
      // That an old set cannot be removed fails nothing.
      exitCodes = [0, 73]
      message = reason
    } else if path.hasSuffix("/serviceaccount/namespace") {
      exitCodes = [78]
      message = "PATRONI_KUBERNETES_NAMESPACE: is not set, and file \"\(path)\" could not be read: "
    } else if path == "/etc/passwd" {
      warning = "entrypoint: warning: /etc/passwd: could not read file: \(reason)\n"
    }
  }
}
