import EntrypointCore
import Testing

/// The line that makes Patroni's REST API read its authorities again.
@Suite struct RESTAPIAuthorityTests {
  private let authority = RESTAPIAuthority(in: TLSDirectory(beside: "/it's/patroni.yml"))

  private func file(_ path: String) -> String {
    """
    restapi:
      certfile: '/it''s/.postgresql-tls/current/server.crt'
      cafile: '\(path)'
    ctl:
      cacert: '/it''s/.postgresql-tls/current/ca.crt'

    """
  }

  private func respelled(_ text: String) -> String? {
    authority.respelled(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func changesOneSpellingForTheOther() {
    let first = file("/it''s/.postgresql-tls/current/ca.crt")
    let second = file("/it''s/.postgresql-tls/current/./ca.crt")
    #expect(respelled(first) == second)
    #expect(respelled(second) == first)
  }

  @Test func leavesAFileOfSomebodyElseAlone() {
    #expect(respelled(file("/etc/ssl/ca.crt")) == nil)
    #expect(respelled("") == nil)
  }
}
