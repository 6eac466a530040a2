import Testing

@testable import PostgresConfig

@Suite struct NodeConnectionInfoTests {
  @Test(arguments: [
    ("/plain/path", "sslkey=/plain/path"), ("", "sslkey=''"), ("/a b", "sslkey='/a b'"),
    ("/it's", "sslkey='/it\\'s'"), ("/back\\slash", "sslkey='/back\\\\slash'"),
    ("/schlüssel", "sslkey=/schlüssel"), ("/a=b", "sslkey=/a=b"),
  ])
  func quotesAsLibpqNeeds(_ value: String, _ text: String) {
    var info = NodeConnectionInfo()
    info.append(.sslkey, value)
    #expect(info.text == text)
  }

  @Test func keepsTheOrder() {
    var info = NodeConnectionInfo()
    info.append(.sslmode, "require")
    info.append(.sslcert, "/c")
    #expect(info.text == "sslmode=require sslcert=/c")
  }
}

@Suite struct HostAndPortTests {
  @Test(arguments: [
    ("host:5432", "host", 5432), ("10.0.0.1:1", "10.0.0.1", 1), ("[::1]:65535", "::1", 65535),
  ])
  func readsWhatItWrites(_ text: String, _ host: String, _ port: Int) throws {
    let pair = try #require(HostAndPort(parsing: text))
    #expect(pair == HostAndPort(host: host, port: port))
    #expect(pair.description == text)
  }

  @Test(arguments: [
    "host", "host:", "host:0", "host:65536", "host:x", ":5432", "::1:5432", "[::1]", "[host]:1",
    "[10.0.0.1]:1", "a b:1", "[::1:1",
  ])
  func refusesTheRest(_ text: String) {
    #expect(HostAndPort(parsing: text) == nil)
  }
}

@Suite struct HostNameTests {
  @Test(arguments: [
    "a", "citusdemo-0-0.citusdemo.default.svc.cluster.local", "1", "with_underscore",
  ])
  func takesNames(_ name: String) {
    #expect(HostName.isName(name))
  }

  @Test(arguments: ["", ".a", "a.", "a..b", "-a", "a b", "ä", String(repeating: "a", count: 64)])
  func refusesOthers(_ name: String) {
    #expect(!HostName.isName(name))
  }
}

@Suite struct SecretTests {
  private let secret = Secret("hunter2")

  @Test func printsNothingOfItself() {
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(describing: secret), String(reflecting: secret), dumped] {
      #expect(!text.contains("hunter2"))
      #expect(text.contains("<redacted>"))
    }
    #expect(!"\([secret]) \(["k": secret]) \(Optional(secret) as Any)".contains("hunter2"))
  }

  @Test func revealsItselfWhenAsked() {
    #expect(secret.reveal() == "hunter2")
  }
}
