import Testing

@testable import PostgresConfig

/// Connection strings and versions that operators write.
@Suite struct OperatorTextTests {
  @Test(
    arguments: [
      ("", []), ("a=1", ["a", "1"]), (" a = 1  b=2 ", ["a", "1", "b", "2"]),
      ("a='x y' b='it\\'s'", ["a", "x y", "b", "it's"]), ("a=x\\ y", ["a", "x y"]),
      ("a= b=1", ["a", "b=1"]),
      ("a=''", ["a", ""]),
    ] as [(String, [String])]
  )
  func readsConnectionStringsAsLibpqDoes(_ text: String, _ expected: [String]) throws {
    #expect(try ConnectionString.pairs(in: text).flatMap { [$0.keyword, $0.value] } == expected)
  }

  @Test(arguments: ["a", "a b=1", "a='x"])
  func refusesWhatIsNoConnectionString(_ text: String) {
    #expect(throws: ConnectionString.Fault.self) { try ConnectionString.pairs(in: text) }
  }

  @Test func ordersVersionsOfCitus() throws {
    let texts = ["11", "11.3", "12.1.3", "13.0", "13.2.2.citus-1", "14"]
    let versions = try texts.map { try #require(CitusVersion(parsing: $0)) }
    #expect(versions == versions.sorted())
    #expect(try #require(CitusVersion(parsing: "13")) <= versions[3])
    #expect(CitusVersion(parsing: "latest") == nil)
  }

  @Test(arguments: [
    (13, "hostssl all all all cert clientname=DN", false),
    (14, "hostssl all all all cert clientname=DN", true),
    (15, "host /^a all all md5", false), (16, "host /^a all all md5", true),
    (16, "host /( all all md5", false),
    (17, "host all all all oauth issuer=i scope=s", false),
    (18, "host all all all oauth issuer=i scope=s", true),
    (18, "host all all all oauth issuer=i", false),
    (13, "hostssl all all all md5 clientcert=1", true),
    (14, "hostssl all all all md5 clientcert=1", false),
    (13, "hostssl all all all cert clientcert=verify-ca", true),
    (13, "hostssl all all all cert clientcert=0", false),
  ])
  func knowsWhichVersionTakesARecord(_ major: Int, _ line: String, _ isTaken: Bool) throws {
    let version = try #require(PostgresVersion(major: major))
    #expect(((try? HBALine(parsing: line, version: version)) != nil) == isTaken)
  }

  @Test(arguments: [
    (15, "m x all", false), (16, "m x all", true), (16, "m x +g", true), (16, "m x /^a", true),
    (16, "m x /(", false),
  ])
  func knowsWhichVersionTakesAMapping(_ major: Int, _ line: String, _ isTaken: Bool) throws {
    let version = try #require(PostgresVersion(major: major))
    #expect(((try? IdentLine(parsing: line, version: version)) != nil) == isTaken)
  }
}
