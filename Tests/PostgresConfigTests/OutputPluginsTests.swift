import Testing

@testable import PostgresConfig

@Suite struct OutputPluginsTests {
  @Test(arguments: [
    ("pgoutput, citus", []), ("citus,pgoutput", []), ("\tpgoutput ,\"citus\"  ", []),
    ("pgoutput, test_decoding", ["citus"]), ("wal2json, citus", ["pgoutput"]),
    ("", ["pgoutput", "citus"]), (", ,\"", ["pgoutput", "citus"]),
    ("pgoutput, Citus", ["citus"]), ("pgoutput, $libdir/citus, citus_pgoutput", ["citus"]),
    ("pgoutput citus", ["pgoutput", "citus"]), ("pgoutput, \" citus\"", ["citus"]),
  ])
  func knowsWhatCitusLacks(_ text: String, _ missing: [String]) {
    #expect(OutputPlugins(parsing: text).missingForCitus == missing)
  }

  @Test(arguments: [(13, false), (14, true), (18, true)])
  func isKnownFromPostgreSQL14On(_ major: Int, _ isKnown: Bool) throws {
    #expect(try #require(PostgresVersion(major: major)).hasOutputPlugins == isKnown)
  }
}
