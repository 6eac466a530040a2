import PatroniConfig
import Testing

@testable import EntrypointCore

/// What a member that runs makes of new settings.
@Suite struct RunningMemberTests {
  private static let password = "Sup3r-pw"
  private static let variables = [
    "PATRONI_SCOPE=demo", "PATRONI_NAME=one", "POD_IP=192.0.2.1", "PATRONI_ETCD3_HOSTS=etcd:2379",
    "PGSSLMODE=require", "PATRONI_SUPERUSER_PASSWORD=\(password)",
    "PATRONI_REPLICATION_PASSWORD=R3pl-pw",
  ]

  private func directory(_ values: [String: String]) -> SettingsDirectory {
    SettingsDirectory(at: "/settings", .directory(Array(values.keys))) { path, _ in
      .content(Array((values[String(path.dropFirst("/settings/".count))] ?? "").utf8))
    }
  }

  private func read(_ environment: Environment) -> CheckedSettings {
    let files = PodFiles(hostName: "one", contents: [:], existing: [])
    return Settings.read(environment, files, needsStore: true)
  }

  /// What comes of `new` in the directory of a member that started with `old` there.
  private func change(_ old: [String: String], _ new: [String: String]) throws -> CheckedSettings {
    var environment = Environment(entries: Self.variables.map { Array($0.utf8) })
    environment.add(directory(old))
    let made = WatchOrder(
      for: try #require(read(environment).settings),
      from: environment,
      nil,
      patroniFile: "/home/patroni.yml",
      home: "/home"
    )
    let bytes = try #require(made).bytes
    let isHeld = String(decoding: bytes, as: UTF8.self).contains(Self.password)
    #expect(isHeld == (old["NODE_AUTH"] != "cert"))
    let order = try #require(WatchOrder(bytes)?.settings)
    return read(order.environment({ _ in directory(new) }, certificate: nil))
  }

  @Test func aPasswordThatWasLeftOutIsAskedForInAFile() throws {
    let (old, new) = (["NODE_AUTH": "cert"], ["NODE_AUTH": "cert,scram-sha-256"])
    let refused = try change(old, new)
    #expect(refused.settings == nil)
    #expect(
      refused.problems.filter { $0.severity == .error }.map { $0.text } == [
        """
        entrypoint: error: PATRONI_SUPERUSER_PASSWORD: is required with NODE_AUTH=cert,scram-sha-256, \
        and the member started without it
          detail: With NODE_AUTH=cert, no running process keeps a password from the pod's environment.
          hint: Put the same password into file PATRONI_SUPERUSER_PASSWORD of the settings directory, \
        or restart the member.

        """
      ]
    )
    let file = ["PATRONI_SUPERUSER_PASSWORD": Self.password]
    #expect(try change(old, new.merging(file) { $1 }).settings != nil)
  }

  @Test func aPasswordInUseIsKept() throws {
    let (old, new) = (["NODE_AUTH": "scram-sha-256"], ["NODE_AUTH": "cert"])
    #expect(try change(old, new).settings != nil)
  }
}
