import Foundation
import TestSupport
import Testing

@testable import EntrypointSystem

/// Programs that connect open the certificate, and the key some time later: a moment, or as long as the
/// system has put them aside.
@Suite struct PairsTests {
  /// Readers that are stopped in between for up to a second, and readers that run only when two processes
  /// that use all of the machine let them.
  @Test func nobodyMeetsACertificateAndTheKeyOfAnother() throws {
    let pod = try RotatingPod()
    let process = try pod.start()
    try pod.generate("second", from: "first")
    let sets = ["first", "second"]
    let manners = ["stop", "stop", "stop", "idle", "idle"]
    let readers = try manners.map { manner in
      try BackgroundProcess(
        [Repository.virtualEnvironment + "/bin/python3"]
          + [Repository.root + "/Tests/IntegrationTests/Python/pairs.py", manner, pod.staged]
          + sets.map { pod.home.path + "/" + $0 },
        environment: pod.environment
      )
    }
    let load = try (0..<2).map { _ in
      try BackgroundProcess(["perl", "-e", "alarm 600; 1 while 1"], environment: pod.environment)
    }
    for round in 1...15 {
      #expect(try pod.rotate(to: sets[round % 2], within: 120))
    }
    #expect(eventually(within: 10) { process.errors.matches(of: #/ is in use\n/#).count == 15 })
    withExtendedLifetime(load) {}
    var judged: [String: Int] = [:]
    for (manner, reader) in zip(manners, readers) {
      let pairs = reader.output.split(separator: "\n")
      let mixed = pairs.count { $0 == "mixed" }
      #expect(mixed == 0, "\(manner): \(mixed) of \(pairs.count)")
      judged[manner, default: 0] += pairs.count { $0 != "late" }
    }
    let story: Comment = "\(judged), \(readers.map(\.errors))"
    #expect(manners.allSatisfy { judged[$0, default: 0] > 5 }, story)
  }

  /// A program that looks at the certificate again and again, and at no key, delays a renewal for a while.
  @Test func aProgramThatReadsOnlyTheCertificateIsNotWaitedForForever() throws {
    let pod = try RotatingPod()
    let process = try pod.start()
    try pod.generate("second", from: "first")
    let script = "while :; do cat \(pod.staged)/server.crt; sleep 0.02; done"
    let reader = try BackgroundProcess(["sh", "-c", script], environment: pod.environment)
    #expect(eventually(within: 5) { !reader.output.isEmpty })
    #expect(try pod.rotate(to: "second", within: 15))
    #expect(eventually(within: 5) { process.reloads == 1 })
  }

  /// Patroni reads the certificate of its REST API alone when it starts; who opens certificate and key later does
  /// not keep a renewal waiting for it.
  @Test func aProgramThatHasReadOnlyTheCertificateIsForgotten() throws {
    let set = try TemporaryDirectory()
    let certificate = try set.write("server.crt", "")
    let key = try set.write("server.key", "")
    let readers = try #require(SetReaders(certificate: "server.crt", key: "server.key"))
    #expect(readers.watch(set.path))

    _ = try String(contentsOfFile: certificate, encoding: .utf8)
    #expect(readers.areThere())
    usleep(UInt32(SetReaders.patience + 1) * 1000)
    for path in [certificate, key] { _ = try String(contentsOfFile: path, encoding: .utf8) }
    readers.catchUp()
    #expect(!readers.areThere())
  }
}
