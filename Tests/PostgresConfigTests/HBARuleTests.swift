import Testing

@testable import PostgresConfig

@Suite struct HBARuleTests {
  @Test func writesEveryKindOfRecord() throws {
    let standby = HBARule.User.named(try RoleName("standby", version: .assumed))
    let rules: [HBARule] = [
      .local(database: .all, user: .all, method: .trust),
      .host(database: .all, user: .all, address: .all, method: .scramSHA256),
      .hostssl(
        database: .replication,
        user: standby,
        address: .suffix(".pods.example.org"),
        method: .cert(map: "cnmap")
      ),
      .hostssl(database: .all, user: .all, address: .hostName("db"), method: .cert(map: nil)),
      .hostssl(
        database: .all,
        user: .all,
        address: HBAAddress.loopback[1],
        method: .password(.md5, clientCertificate: .verifyFull)
      ),
    ]
    #expect(
      rules.map { $0.line } == [
        "local all all trust",
        "host all all all scram-sha-256",
        "hostssl replication standby .pods.example.org cert map=cnmap",
        "hostssl all all db cert",
        "hostssl all all ::1/128 md5 clientcert=verify-full",
      ]
    )
  }

  @Test(arguments: [
    ("postgres", "postgres"), ("Mixed", "Mixed"), ("with space", "\"with space\""),
    ("all", "\"all\""), ("replication", "\"replication\""), ("+admins", "\"+admins\""),
    ("a,b", "\"a,b\""), ("quo\"te", "\"quo\"\"te\""), ("#x", "\"#x\""), ("@file", "\"@file\""),
    ("rôle", "\"rôle\""), ("/^x", "\"/^x\""),
  ])
  func quotesRolesThatAreMoreThanAWord(_ role: String, _ token: String) throws {
    #expect(try RoleName(role, version: .assumed).token == token)
  }
}

@Suite struct RoleNameTests {
  @Test(arguments: [
    (String(repeating: "ä", count: 32), RoleName.Fault.tooLong(bytes: 64)),
    ("two\nlines", .controlCharacter), ("pg_read", .reserved), ("public", .reserved),
    ("none", .reserved),
  ])
  func refusesWhatCannotBeARole(_ name: String, _ fault: RoleName.Fault) {
    #expect(throws: fault) { try RoleName(name, version: .assumed) }
  }

  @Test func aSlashIsAPatternFrom16On() throws {
    let sixteen = try #require(PostgresVersion(major: 16))
    #expect(throws: RoleName.Fault.readAsPattern) { try RoleName("/x", version: sixteen) }
    #expect(try RoleName("/x", version: .assumed).name == "/x")
  }
}

@Suite struct IdentMappingTests {
  @Test func writesNamesInQuotesAndRolesAsNeeded() throws {
    let name = try #require(IdentMapping.SystemName(parsing: "*.a \"b\""))
    let role = try RoleName("App, one", version: .assumed)
    let mapping = IdentMapping(map: "cnmap", systemName: name, role: .named(role))
    #expect(mapping.line == "cnmap \"*.a \"\"b\"\"\" \"App, one\"")
  }

  @Test func aSlashIntroducesARegularExpression() {
    let name = IdentMapping.SystemName(parsing: "/^node-(.*)$")
    #expect(name == .matching("^node-(.*)$"))
    #expect(name?.matchesEverything == false)
    #expect(
      name.map { IdentMapping(map: "m", systemName: $0, role: .all).line }
        == "m \"/^node-(.*)$\" all"
    )
  }

  @Test(arguments: ["/", "/.*", "/^.*$", "/."])
  func knowsPatternsThatMatchEverything(_ text: String) {
    #expect(IdentMapping.SystemName(parsing: text)?.matchesEverything == true)
  }

  @Test(arguments: ["", "two\nlines", "tab\t", String(repeating: "x", count: 10_240)])
  func refusesWhatNoLineCanHold(_ text: String) {
    #expect(IdentMapping.SystemName(parsing: text) == nil)
  }
}
