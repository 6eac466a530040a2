import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// What the other scenarios rely on when they fail, or are killed.
  @Suite struct Harness {
    /// The one at fault says more than the others, and nobody's routine is in between.
    @Test func aFailureShowsWhatTheMemberAtFaultSaidLast() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster("alpha", environment: ["PGSSLMODE": "verify_full"])
        Attention.turn(to: cluster[1])
        try cluster[1].start()
        #expect(try cluster[1].process?.waitForExit() == 78)
        let words = Attention.lastWords()
        #expect(words.contains("last lines of \(cluster[0].log):\n"))
        #expect(words.contains("last lines of \(cluster[1].log):\nentrypoint: error: PGSSLMODE:"))
        #expect(words.contains("Accepted values are disable, allow, prefer"))
      }
    }

    /// Servers run when the test ends.
    @Test func nothingIsLeftOfATest() throws {
      var prefix = ""
      var processes: [pid_t] = []
      try TestBed.run { bed in
        prefix = bed.network.prefix
        let cluster = try bed.cluster("alpha", environment: ["PGSSLMODE": "verify-ca"])
        try cluster.startFirst()
        processes = try bed.network.hosts.flatMap { try Leftovers.processes(in: $0.namespace) }
        #expect(processes.count > 5)
      }
      #expect(!prefix.isEmpty)
      #expect(try Leftovers.names(beginningWith: prefix) == [])
      // Those that this process has started are gone once Foundation has waited for them.
      try eventually("the end of \(processes)") {
        processes.allSatisfy { kill($0, 0) != 0 }
      }
    }

    /// The next run cleans up after one that was killed; the one that watches it does so at once.
    @Test(arguments: [[], ["watch"]])
    func aKilledRunIsCleanedUp(_ words: [String]) throws {
      let run = try BackgroundProcess(
        ["sleep", "infinity"],
        environment: Command.plainEnvironment,
        log: "/dev/null"
      )
      let (name, other) = ("cltest-\(run.id)-1-host", "cltest-\(getpid())-0-\(words.count)")
      let directories = ["/tmp/\(name)", "/etc/netns/\(name)"]
      for name in [name, other] { try Command.output(["ip", "netns", "add", name]) }
      for directory in directories {
        try FileManager.default.createDirectory(
          atPath: directory,
          withIntermediateDirectories: true
        )
      }
      let stray = try BackgroundProcess(
        ["ip", "netns", "exec", name, "sleep", "infinity"],
        environment: Command.plainEnvironment,
        log: "/dev/null"
      )
      try eventually("a process runs in \(name)") { try !Leftovers.processes(in: name).isEmpty }
      kill(run.id, SIGKILL)
      _ = try run.waitForExit()

      // Other programs have namespaces, too, and names of some that are gone.
      let foreign = try ForeignNamespaces()
      let script = Repository.root + "/Tests/ClusterTests/Harness/leftovers.sh"
      let result = try Command.run([script] + words + (words.isEmpty ? [] : [String(run.id)]))
      #expect(result.exitCode == 0)
      #expect(result.output + result.errors == "")
      #expect(try foreign.areThere)
      #expect(try stray.waitForExit() == 128 + SIGKILL)
      #expect(try Leftovers.names(beginningWith: name) == [])
      // What belongs to a run that goes on stays.
      #expect(try Leftovers.names(beginningWith: other) == ["/run/netns/" + other])
      try Command.output(["ip", "netns", "delete", other])
    }
  }
}

/// What tests could leave on the machine.
private enum Leftovers {
  /// Files of tests whose names begin with `prefix`, and their network namespaces.
  static func names(beginningWith prefix: String) throws -> [String] {
    try ["/run/netns", "/etc/netns", "/tmp"].flatMap { directory in
      try FileManager.default.contentsOfDirectory(atPath: directory)
        .filter { $0.hasPrefix(prefix) }.map { directory + "/" + $0 }
    }
  }

  /// The processes on a host.
  static func processes(in namespace: String) throws -> [pid_t] {
    try Command.output(["ip", "netns", "pids", namespace]).split(separator: "\n")
      .compactMap { pid_t($0) }
  }
}

/// A network namespace of somebody else's, and a name that leads to none any more; both are gone when nobody
/// uses them any more.
private final class ForeignNamespaces {
  private let names: [String]

  init() throws {
    let name = "foreign-\(UUID().uuidString.prefix(8))"
    names = [name, name + "-gone"]
    try Command.output(["ip", "netns", "add", names[0]])
    try Command.output(["touch", "/run/netns/" + names[1]])
  }

  deinit {
    for name in names { _ = try? Command.output(["ip", "netns", "delete", name]) }
  }

  var areThere: Bool {
    get throws { try Leftovers.names(beginningWith: names[0]).count == names.count }
  }
}
