import Testing

@testable import PostgresConfig

/// Texts in texts, byte for byte.
@Suite struct TextSearchTests {
  @Test(arguments: [
    ("PATRONI_SCOPE", "PATRONI_", true), ("PATRONI_", "PATRONI_", true), ("a", "", true),
    ("", "", true), ("PATRONI", "PATRONI_", false), ("XPATRONI_", "PATRONI_", false),
    ("patroni_scope", "PATRONI_", false), ("", "a", false),
    // Longer than what a text holds without memory of its own.
    ("PATRONI_KUBERNETES_NAMESPACE", "PATRONI_KUBERNETES_", true),
    ("PATRONI_KUBERNETES_NAMESPACE", "PATRONI_KUBERNETES-", false),
    // The same characters, and other bytes.
    ("e\u{301}", "\u{e9}", false), ("e\u{301}", "e", true),
  ])
  func beginsWithAWord(_ text: String, _ word: String, _ expected: Bool) {
    #expect(text.begins(with: word) == expected)
  }

  @Test(arguments: [
    ("ldapbindpasswd=x", "passwd", true), ("passw", "passwd", false), ("", "a", false),
  ])
  func holdsAWord(_ text: String, _ word: String, _ expected: Bool) {
    #expect(text.holds(word) == expected)
  }
}
