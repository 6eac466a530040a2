import Testing

@testable import PostgresConfig

@Suite struct ServerIdentityTests {
  private func covers(
    _ names: [String],
    _ host: String,
    commonName: String? = nil,
    version: Int = 15
  ) throws -> Bool {
    let identity = ServerIdentity(
      names: names.map { name in
        IPAddress(name).map { .ip($0.bytes) } ?? .dns(Array(name.utf8))
      },
      commonName: commonName.map { Array($0.utf8) }
    )
    return identity.covers(host, version: try #require(PostgresVersion(major: version)))
  }

  @Test(arguments: [
    ("a.example", "a.example", true), ("A.Example", "a.eXAMPLE", true),
    ("*.example", "a.example", true), ("*.example", "a.b.example", false),
    ("*.example", "example", false), ("*.example", ".example", true),
    ("a*.example", "ab.example", false),
    ("*", "example", false), ("*.", "a.", false), ("a.*.example", "a.b.example", false),
  ])
  func comparesAsLibpqDoes(_ pattern: String, _ host: String, _ isCovered: Bool) throws {
    #expect(try covers([pattern], host) == isCovered)
  }

  @Test func looksAtTheCommonNameWhereNoNameIsOfTheHostsKind() throws {
    #expect(try covers([], "node", commonName: "node"))
    #expect(try !covers(["other"], "node", commonName: "node"))
    #expect(try covers(["192.0.2.1"], "node", commonName: "node"))
    #expect(try covers(["other"], "192.0.2.1", commonName: "192.0.2.1"))
    #expect(try !covers(["192.0.2.2"], "192.0.2.1", commonName: "192.0.2.1"))
  }

  @Test func knowsAddressesFromPostgreSQL15On() throws {
    #expect(try covers(["192.0.2.1"], "192.0.2.1"))
    #expect(try covers(["2001:db8::1"], "2001:db8:0::1"))
    #expect(try !covers(["192.0.2.1"], "192.0.2.1", version: 14))
  }

  @Test func refusesNamesWithANullByte() throws {
    let identity = ServerIdentity(
      names: [.dns(Array("a\0b".utf8)), .dns(Array("a".utf8))],
      commonName: nil
    )
    #expect(!identity.covers("a", version: .assumed))
  }
}
