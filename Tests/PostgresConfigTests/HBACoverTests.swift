import Testing

@testable import PostgresConfig

/// Which records can never match, because earlier ones do.
@Suite struct HBACoverTests {
  private static func covers(of lines: [String]) throws -> [[String]] {
    var cover = HBACover()
    let version = try #require(PostgresVersion(major: 16))
    return try lines.compactMap { line in
      try HBALine(parsing: line, version: version).record.map { cover.add($0.match, name: line) }
    }
  }

  @Test(arguments: [
    ("local all all trust", "local all all md5"), ("local all all trust", "local app,db2 a,b peer"),
    ("host all all all md5", "hostssl all all 10.0.0.0/8 cert"),
    ("host all all 10.0.0.0/8 md5", "host app app 10.1.0.0 255.255.0.0 md5"),
    ("host app,other app all md5", "hostnossl app app fe80::/16 reject"),
    ("host replication all all md5", "hostssl replication standby samenet cert"),
    ("host all all .example.org md5", "hostgssenc all a .example.org gss"),
    ("hostnogssenc all all all md5", "hostssl db \"all\" host.example.org md5"),
    ("host all all 0.0.0.0/0 md5", "host all all 10.0.0.7/32 trust"),
    ("host db \"/^a\" all md5", "host db \"/^a\" 10.0.0.0/8 md5"),
    ("host all all samenet md5", "host all all samehost md5"),
    ("host all all .Example.org md5", "host all all a.b.example.org md5"),
    ("host all all Host.example.org md5", "host all all host.example.ORG md5"),
  ])
  func aRecordBehindABroaderOneNeverMatches(_ first: String, _ second: String) throws {
    #expect(try Self.covers(of: [first, second]) == [[], [first]])
  }

  @Test(arguments: [
    ("local all all trust", "local replication all trust"),
    ("local all all trust", "host all all all md5"),
    ("hostssl all all all md5", "host all all all md5"),
    ("host all all 0.0.0.0/0 md5", "host all all all md5"),
    ("host all all 10.0.0.0/8 md5", "host all all 0.0.0.0/0 md5"),
    ("host all all samehost md5", "host all all samenet md5"),
    ("host all all a.example.org md5", "host all all .example.org md5"),
    ("host all all .example.org md5", "host all all example.org md5"),
    ("host all all 10.0.0.0 255.0.255.0 md5", "host all all 10.0.0.0/24 md5"),
    ("host app all all md5", "host other all all md5"),
    ("host all app all md5", "host all +app all md5"),
    ("host \"all\" all all md5", "host app all all md5"),
    ("host app app all md5", "host all app all md5"),
    ("hostssl all all all cert", "hostgssenc all all all gss"),
  ])
  func aRecordThatHasSomethingLeftIsLeftAlone(_ first: String, _ second: String) throws {
    #expect(try Self.covers(of: [first, second]) == [[], []])
  }

  @Test func severalRecordsTogetherCoverOne() throws {
    let (ipv4, ipv6) = ("host all all 0.0.0.0/0 md5", "host all all ::/0 md5")
    let lines = [ipv4, ipv6, "host all app all md5"]
    #expect(try Self.covers(of: lines) == [[], [], [ipv4, ipv6]])
    let (tls, other) = ("hostssl all all all md5", "hostnossl all all all reject")
    #expect(try Self.covers(of: [tls, other, "host app a 10.0.0.0/8 md5"])[2] == [other, tls])
  }
}
