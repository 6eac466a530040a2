import Testing

@testable import PostgresConfig

@Suite struct IPAddressTests {
  @Test(arguments: [
    ("10.1.2.3", "10.1.2.3"), ("::1", "::1"), ("FD00:0:0::00AB", "fd00::ab"),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
  ])
  func writesTheCanonicalForm(_ text: String, _ canonical: String) throws {
    #expect(try #require(IPAddress(text)).description == canonical)
  }

  @Test(arguments: ["", "10.1.2", "10.1.2.3/16", "010.1.2.3", "fe80::1%eth0", "[::1]", "pod"])
  func refusesWhatIsNoAddress(_ text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: [
    ("10.1.2.3", 16, "10.1.0.0/16"), ("10.1.2.3", 0, "0.0.0.0/0"), ("10.1.2.3", 32, "10.1.2.3/32"),
    ("10.1.2.3", 23, "10.1.2.0/23"), ("fd00:1:2:3::4", 61, "fd00:1:2::/61"),
  ])
  func masksToTheNetwork(_ address: String, _ length: Int, _ network: String) throws {
    let address = try #require(IPAddress(address))
    #expect(IPNetwork(containing: address, prefixLength: length)?.description == network)
  }

  @Test func refusesMoreBitsThanThereAre() throws {
    let address = try #require(IPAddress("10.1.2.3"))
    #expect(IPNetwork(containing: address, prefixLength: 33) == nil)
    #expect(IPNetwork(containing: address, prefixLength: -1) == nil)
  }

  @Test func knowsLoopbackAndUnspecified() throws {
    #expect(try #require(IPAddress("127.8.9.10")).isLoopback)
    #expect(try #require(IPAddress("::1")).isLoopback)
    #expect(try !#require(IPAddress("10.0.0.1")).isLoopback)
    #expect(try #require(IPAddress("::")).isUnspecified)
  }
}
