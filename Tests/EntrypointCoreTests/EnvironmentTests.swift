import Testing

@testable import EntrypointCore

/// What entries of the environment come to.
@Suite struct EnvironmentTests {
  private func environment(_ entries: [String]) -> Environment {
    Environment(entries: entries.map { Array($0.utf8) })
  }

  @Test func theFirstOfTwoCountsAsForGetenv() {
    #expect(environment(["A=first", "B=other", "A=second"])["A"] == .text("first"))
    #expect(environment(["A=", "A=second"])["A"] == .empty)
  }

  @Test func anEntryWithoutANameOrAnEqualsSignIsNobodys() {
    #expect(environment(["A", "B=1"]).names == ["B"])
    let notUTF8 = Environment(entries: [[0xff, 0x3d, 0x31], Array("B=1".utf8)])
    #expect(notUTF8.names == ["B"])
  }

  @Test func aNameIsGivenWithSomethingInIt() {
    let environment = environment(["PATRONI_A=1", "PATRONI_B=", "PATRONI=1", "XPATRONI_C=1"])
    #expect(environment.given(after: "PATRONI_") == ["A"])
    #expect(environment.given(after: "KUBERNETES_").isEmpty)
  }

  private func settings(
    _ files: [String: String],
    in entries: [String] = []
  ) -> Environment {
    var environment = environment(entries)
    let names = Array(files.keys)
    environment.add(
      SettingsDirectory(at: "/settings", .directory(names)) { path, limit in
        let text = files[String(path.dropFirst("/settings/".count))] ?? ""
        return text.utf8.count > limit ? .tooLong(limit) : .content(Array(text.utf8))
      }
    )
    return environment
  }

  @Test func oneLineFeedAtTheEndOfAFileIsDropped() {
    let environment = settings(["NODE_AUTH": "cert\n", "CLIENT_AUTH": "md5\n\n", "SSL_MODE": "\n"])
    #expect(environment["NODE_AUTH"] == .text("cert"))
    #expect(environment["CLIENT_AUTH"] == .text("md5\n"))
    #expect(environment["SSL_MODE"] == .empty)
    #expect(environment.file(of: "NODE_AUTH") == "/settings/NODE_AUTH")
  }

  @Test func theSameValueInBothPlacesIsNoConflict() {
    let environment = settings(["NODE_AUTH": "cert\n"], in: ["NODE_AUTH=cert", "CLIENT_AUTH=md5"])
    #expect(environment["NODE_AUTH"] == .text("cert"))
    #expect(environment.file(of: "CLIENT_AUTH") == nil)
    #expect(environment.problems == [])
  }

  @Test func namesThatAreNoVariablesAreNotRead() {
    let environment = settings([
      ".hidden": "x", "..data": "x", "HOME": "/", "PATRONI_ETCD3_HOSTS": "a",
    ])
    #expect(environment.names == ["PATRONI_ETCD3_HOSTS"])
    #expect(environment.problems.map { $0.subject } == ["/settings/HOME"])
  }

  @Test func onlyTheOperatorsYAMLMayBeLong() {
    let long = String(repeating: "#", count: PodFiles.longestFile + 1)
    let environment = settings(["PATRONI_CONFIGURATION": long, "NODE_ADDRESSES": long])
    #expect(environment["PATRONI_CONFIGURATION"] == .text(long))
    #expect(
      environment["NODE_ADDRESSES"]
        == .faulty(Problem("/settings/NODE_ADDRESSES", "is longer than 1 MB"))
    )
  }
}
