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
    "geteuid": [], "getegid": [], "gettid": [], "futex": [], "clone": [ENOMEM],
  ]

  private func calls(of pod: FaultyPod) throws -> [SystemCallTrace.Call] {
    try pod.reset()
    let trace = try SystemCallTrace(
      of: pod.command,
      in: pod.sandbox,
      environment: pod.environment
    )
    try #require(trace.calls.count >= 40)
    return trace.calls
  }

  @Test(arguments: FaultyPod.Kind.allCases, errors)
  func aCallThatFails(_ kind: FaultyPod.Kind, _ error: ErrorNumber) throws {
    let pod = try FaultyPod(kind)
    let calls = try calls(of: pod).filter { Self.possible[$0.name]?.contains(error.code) ?? true }
    #expect(calls.count >= 25)
    for call in calls {
      try pod.reset()
      let result = try pod.start(SystemCallTrace.injecting("error=\(error.name)", at: call))
      let now = try DirectorySnapshot(of: pod.home.path)
      let expected = ExpectedResult(of: call, failingWith: error.code, in: pod)
      let story: Comment = "\(error.name) at \(call.description): \(result)"
      #expect(expected.exitCodes.contains(result.exitCode), story)
      #expect(result.output == (result.exitCode == 0 ? "started\n" : ""), story)
      #expect(call.isBeforeMain || result.exitCode == 0 || result.hasError, story)
      if let message = result.exitCode == 0 ? expected.warning : expected.message {
        #expect(result.errors.contains(message), story)
      }
      #expect(!FaultyPod.hasSecret(result.errors), story)
      #expect(pod.exposedFiles(now) == [], story)
      #expect(try pod.passwdIsWhole(), story)
      if let mounted = expected.mounted, result.errors.contains(mounted) {
        let file = try #require(now["patroni.yml"]?.text)
        #expect(file.contains("ssl_cert_file: '/etc/ssl/certs/postgresql/server.crt'"), story)
        #expect(Set(now.entries.keys).isSubset(of: pod.after.entries.keys), story)
        continue
      }
      #expect(pod.leftovers(now) == [], story)
      if result.exitCode == 0 { #expect(pod.missing(now) == [], story) }
      if let name = expected.untouched, result.exitCode != 0 {
        #expect(now[name] == pod.before[name], story)
      }
    }
  }

  @Test(arguments: FaultyPod.Kind.allCases)
  func aKillAtACall(_ kind: FaultyPod.Kind) throws {
    let pod = try FaultyPod(kind)
    for call in try calls(of: pod) {
      try pod.reset()
      let result = try pod.start(SystemCallTrace.injecting("signal=SIGKILL", at: call))
      let killed = try DirectorySnapshot(of: pod.home.path)
      let story: Comment = "killed at \(call.description): \(result)"
      #expect(result.exitCode == 137, story)
      #expect(pod.damage(killed) == [], story)
      #expect(pod.exposedFiles(killed) == [], story)
      #expect(try pod.passwdIsWhole(), story)

      // What is left of the killed one is cleaned up; copied certificates are a new set then.
      #expect(try pod.start([]).output == "started\n", story)
      let now = try DirectorySnapshot(of: pod.home.path)
      #expect(pod.hasNamesOfStart(now), story)
      #expect(now["patroni.yml"] == pod.after["patroni.yml"], story)
      #expect(pod.exposedFiles(now) == [], story)
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
      let now = try DirectorySnapshot(of: pod.home.path)
      let story: Comment = "\(kilobytes) kB: \(result)"
      #expect(!FaultyPod.hasSecret(result.errors), story)
      #expect(pod.damage(now) == [], story)
      #expect(pod.exposedFiles(now) == [], story)
    }
    #expect(codes.contains(0))
    #expect(codes.count > 1)
  }
}

extension CommandResult {
  /// Whether one of our own errors was told.
  fileprivate var hasError: Bool {
    errors.split(separator: "\n").contains { $0.hasPrefix("entrypoint: error: ") }
  }
}
