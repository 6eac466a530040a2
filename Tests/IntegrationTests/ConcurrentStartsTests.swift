import Foundation
import TestSupport
import Testing

/// Several starts, and several watchers, in one home.
@Suite struct ConcurrentStartsTests {
  private let pod: RotatingPod

  init() throws {
    pod = try RotatingPod()
    try pod.generate("second", from: "first")
  }

  @Test func startsWaitForEachOther() throws {
    try pod.home.writeScript("patroni", "#!/bin/sh\necho started\n")
    for _ in 0..<5 {
      let starts = try (0..<12).map { _ in
        try BackgroundProcess(pod.command(), environment: pod.environment)
      }
      for start in starts {
        #expect(eventually(within: 30) { !start.isRunning })
        #expect(start.output == "started\n", "\(start.errors)")
        #expect(start.errors == "")
      }
    }
    #expect(pod.isInUse("first"))
    let names = try FileManager.default.contentsOfDirectory(atPath: pod.home.path)
    #expect(!names.contains { $0.hasSuffix(".new") })
  }

  /// A second start by hand in a container where the first one's Patroni runs.
  @Test func twoWatchersShareTheCopies() throws {
    let processes = [try pod.start(), try pod.start()]
    _ = try processes.map { try #require($0.watcher) }
    for round in 1...6 {
      #expect(try pod.rotate(to: round % 2 == 1 ? "second" : "first"))
      #expect(eventually(within: 10) { processes.allSatisfy { $0.reloads == round } })
    }
    #expect(pod.isInUse("first"))
    for process in processes { #expect(!process.errors.contains("error"), "\(process.errors)") }
  }

  /// The lock is the kernel's: a start that was stopped in the middle of everything holds it.
  @Test func aStartThatWaitsInVainSaysWhatIsThere() throws {
    let holder = try BackgroundProcess(
      ["flock", pod.home.path, "sleep", "1000"],
      environment: pod.environment
    )
    #expect(
      eventually(within: 5) {
        (try? Command.run(["flock", "-n", pod.home.path, "true"]).exitCode) == 1
      }
    )
    let before = try DirectorySnapshot(of: pod.home.path)
    let result = try Command.run(pod.command(), environment: pod.environment)
    #expect(result.exitCode == 73)
    #expect(
      result.errors.hasPrefix(
        "entrypoint: error: \(pod.home.path): another start has been writing here for 30 seconds, "
          + "and nothing was changed\n"
      ),
      "\(result.errors)"
    )
    #expect(try DirectorySnapshot(of: pod.home.path) == before)
    withExtendedLifetime(holder) {}
  }

  /// What only says something writes nothing, and needs no settings.
  @Test(arguments: ["--version", "--help", "-h"])
  func questionsToPatroniWriteNothing(_ question: String) throws {
    try pod.home.writeScript("patroni", "#!/bin/sh\necho \"$@\"\n")
    let before = try DirectorySnapshot(of: pod.home.path)
    let result = try Command.run(
      pod.command() + ["patroni", question],
      environment: ["PATH": "\(pod.home.path):/usr/bin:/bin", "HOME": pod.home.path]
    )
    #expect(result.output == question + "\n", "\(result.errors)")
    #expect(try DirectorySnapshot(of: pod.home.path) == before)
  }

  /// Copies that somebody has removed are made again.
  @Test(.timeLimit(.minutes(2))) func removedCopiesComeBack() throws {
    let process = try pod.start()
    let watcher = try #require(process.watcher)
    try FileManager.default.removeItem(atPath: pod.tls)
    kill(watcher, SIGHUP)
    #expect(eventually(within: 10) { pod.isInUse("first") })
    #expect(process.errors.contains("the copies of the certificates were changed or removed"))
  }

  /// A link that is called like a set is none, and what it leads to is somebody else's.
  @Test func aLinkThatIsCalledLikeASetIsNotFollowed() throws {
    try pod.home.makeDirectory("other")
    try pod.home.write("other/data", "kept")
    try pod.home.makeDirectory(".postgresql-tls")
    for number in [3, 9] {
      try FileManager.default.createSymbolicLink(
        atPath: pod.tls + "/set-\(number)",
        withDestinationPath: pod.home.path + "/other"
      )
    }
    _ = try pod.start()
    #expect(try String(contentsOfFile: pod.home.path + "/other/data", encoding: .utf8) == "kept")
    #expect(pod.isInUse("first"))
    let sets = try FileManager.default.contentsOfDirectory(atPath: pod.tls)
      .filter { $0.hasPrefix("set-") }
    #expect(sets == ["set-10"])
  }
}
