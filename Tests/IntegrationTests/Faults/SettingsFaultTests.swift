import Foundation
import TestSupport
import Testing

/// Every system call with which the watcher reads and publishes settings fails once, and it is killed at each one with
/// which it writes: patroni.yml is the old one or the new one, whole, and Patroni is told.
@Suite(.onOwnThread) struct SettingsFaultTests {
  private static let shares = 0..<6
  private let pod: LivePod
  private let texts: [String]

  init() throws {
    let pod = try LivePod()
    self.pod = pod
    for set in ["first", "second"] { try pod.makeCertificates(set, named: "node") }
    try pod.mount("first")
    try pod.home.write("passfile", "*:*:*:app:Appl1-pw\n")
    try pod.write(Self.edition(0))
    try pod.start(Self.more(pod))
    let first = pod.file
    try pod.write(Self.edition(1))
    let second = try #require(try pod.nextFile())
    #expect(eventually { pod.file == second })
    texts = [first, second]
  }

  private static func more(_ pod: LivePod) -> [String: String] {
    ["NODE_PASSFILE": pod.home.path + "/passfile", "NODE_AUTH": "scram-sha-256"]
  }

  private static func edition(_ number: Int) -> [String: String] {
    [
      "PGSSLMODE": "verify-ca", "CLIENT_AUTH": number == 0 ? "md5" : "scram-sha-256",
      "PATRONI_CONFIGURATION": "postgresql: {parameters: {work_mem: \(number + 1)MB}}\n",
    ]
  }

  /// Changes settings, certificates and the passfile at once.
  private func change(to number: Int) throws {
    try pod.home.write("passfile", "*:*:*:app:Appl\(number)-pw\n")
    try pod.mount(number == 0 ? "first" : "second")
    try pod.write(Self.edition(number))
  }

  private func isInUse(_ number: Int) -> Bool {
    pod.file == texts[number] && pod.copiesAre(number == 0 ? "first" : "second")
      && (try? String(contentsOfFile: pod.home.path + "/.pgpass", encoding: .utf8))
        == "*:*:*:app:Appl\(number)-pw\n"
  }

  /// The calls of a change that goes well.
  private func calls() throws -> [SystemCallTrace.Call] {
    let watcher = try #require(pod.process?.watcher)
    return try Tracer.calls(of: watcher) {
      try change(to: 0)
    } until: {
      isInUse(0)
    }
  }

  @Test(arguments: shares) func aCallThatFails(_ share: Int) throws {
    let errors = ["EIO", "ENOSPC", "EACCES", "EINTR", "EMFILE", "ENOMEM", "EROFS"]
    let calls = try calls().filter { $0.path != nil || ["poll", "kill", "read"].contains($0.name) }
    #expect(calls.count >= 60)
    let watcher = try #require(pod.process?.watcher)
    var number = 0
    for (index, call) in calls.enumerated() where index % Self.shares.count == share {
      let error = errors[index % errors.count]
      let mark = pod.errors.count
      let tracer = try Tracer(SystemCallTrace.options("error=\(error)", at: call), of: watcher)
      number = 1 - number
      try change(to: number)
      let isOver = eventually {
        isInUse(number) || pod.said(since: mark).contains("entrypoint: warning: ")
      }
      tracer.stop()
      let story: Comment = "\(error) at \(call.description): \(pod.said(since: mark))"
      #expect(isOver, story)
      #expect(texts.contains(pod.file), story)
      // The kernel tells of it, as it is mounted anew.
      if !isInUse(number) { try change(to: number) }
      #expect(eventually { isInUse(number) }, story)
      #expect(eventually { pod.status?.contains("untold") == false }, story)
      #expect(!pod.errors.contains("-pw") && !pod.errors.contains("PRIVATE KEY"), story)
      #expect(pod.process?.watcher == watcher, story)
    }
  }

  @Test(arguments: shares) func aKillAtACall(_ share: Int) throws {
    let calls = try calls().filter { call in
      let place = call.path?.hasPrefix(pod.home.path) ?? false
      let isMounted = call.path?.hasPrefix(pod.settings.path) ?? false
      return call.name == "kill" || place && !isMounted
    }
    #expect(calls.count >= 20)
    var (number, kills) = (0, 0)
    for (index, call) in calls.enumerated() where index % Self.shares.count == share {
      let watcher = try #require(pod.process?.watcher)
      let tracer = try Tracer(SystemCallTrace.options("signal=SIGKILL", at: call), of: watcher)
      number = 1 - number
      try change(to: number)
      let story: Comment = "killed at \(call.description): \(pod.errors.suffix(1000))"
      let isKilled = eventually { kill(watcher, 0) != 0 }
      tracer.stop()
      #expect(texts.contains(pod.file), story)
      if !isKilled {
        // How often it writes about itself depends on when Patroni listens.
        #expect(isInUse(number), story)
        continue
      }
      kills += 1
      let told = pod.reloads
      #expect(eventually { isInUse(number) }, story)
      #expect(eventually { pod.reloads > told }, story)
      #expect(eventually { pod.status?.contains("untold") == false }, story)
      #expect(pod.process?.isRunning == true, story)
      #expect(!pod.errors.contains("-pw"), story)
    }
    #expect(kills * Self.shares.count >= calls.count / 2)
  }
}
