import Testing

@testable import EntrypointCore

@Suite struct PEMOutlineTests {
  private static func outline(_ text: String, inParts size: Int = 4096) -> PEMOutline {
    var outline = PEMOutline()
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      outline.add(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    outline.finish()
    return outline
  }

  @Test(arguments: [1, 7, 4096])
  func theBlocksAreThoseOfTheFileWhateverItsPartsAre(_ size: Int) {
    let text = """
      \u{feff}-----BEGIN CERTIFICATE-----\r
      QUJD\r
      -----END CERTIFICATE-----\r
      a comment -----BEGIN OF NOTHING-----
      -----BEGIN EC PRIVATE KEY-----
      Proc-Type: 4,ENCRYPTED

      QUJD
      -----END EC PRIVATE KEY-----
      """
    let outline = Self.outline(text, inParts: size)
    #expect(outline.labels == ["CERTIFICATE", "EC PRIVATE KEY"])
    #expect(outline.holdsCertificate && outline.holdsKey && outline.holdsEncryptedKey)
    #expect(outline.sentence == "It contains: CERTIFICATE, EC PRIVATE KEY.")
  }

  @Test func whatIsNoPEMHoldsNothing() {
    for text in ["", "0\u{1}", " -----BEGIN CERTIFICATE-----\n", "-----BEGI", "-----BEGIN X"] {
      let outline = Self.outline(text)
      #expect(outline.labels == [])
      #expect(!outline.holdsCertificate && !outline.holdsKey && !outline.holdsEncryptedKey)
    }
    #expect(
      Self.outline("").sentence == "It contains no PEM block, and Patroni reads nothing else."
    )
  }

  /// A file of one endless line costs no memory.
  @Test func longLinesAreNotKept() {
    let outline = Self.outline("-----BEGIN " + String(repeating: "A", count: 10000) + "-----\n")
    #expect(outline.labels == [])
  }

  @Test(arguments: [
    ("PRIVATE KEY", true, false), ("ENCRYPTED PRIVATE KEY", true, true),
    ("RSA PRIVATE KEY", true, false), ("OPENSSH PRIVATE KEY", false, false),
    ("PUBLIC KEY", false, false), ("CERTIFICATE REQUEST", false, false),
  ])
  func keysAreThoseThatOpenSSLReads(_ label: String, _ isKey: Bool, _ isEncrypted: Bool) {
    let outline = Self.outline("-----BEGIN \(label)-----\n")
    #expect(outline.holdsKey == isKey)
    #expect(outline.holdsEncryptedKey == isEncrypted)
    #expect(!outline.holdsCertificate)
  }
}
