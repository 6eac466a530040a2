import Testing

@testable import EntrypointCore

@Suite struct MessageTests {
  @Test func aProblemHasItsPartsOnLinesOfTheirOwn() {
    let problem = Problem(
      .warning,
      "SUBJECT",
      "is odd",
      detail: "It is odd.",
      hint: "Make it even."
    )
    #expect(
      problem.text == """
        entrypoint: warning: SUBJECT: is odd
          detail: It is odd.
          hint: Make it even.

        """
    )
    #expect(Problem("S", "m").text == "entrypoint: error: S: m\n")
  }

  @Test(arguments: [
    (Array("plain ä".utf8), "\"plain ä\""), (Array("a\"b\\c".utf8), "\"a\\\"b\\\\c\""),
    (Array("a\nb\t".utf8), "\"a\\nb\\x09\""), ([0x63, 0xe9], "\"c\\xe9\""), ([], "\"\""),
  ])
  func aValueStaysOnOneLine(_ bytes: [UInt8], _ shown: String) {
    #expect(quoted(bytes) == shown)
  }

  @Test(arguments: [
    ("verify_full", "verify-full"), ("Verify-CA", "verify-ca"), ("requier", "require"),
    ("verify-f", "verify-full"),
  ])
  func findsTheWordThatWasMeant(_ written: String, _ meant: String) {
    #expect(
      nearest(to: written, among: ["disable", "require", "verify-ca", "verify-full"]) == meant
    )
  }

  @Test(arguments: ["", "yes", "verify", "something else"])
  func guessesNothingFarOff(_ written: String) {
    #expect(nearest(to: written, among: ["disable", "require", "verify-ca", "verify-full"]) == nil)
  }
}

@Suite struct PassfileTests {
  @Test(arguments: [
    "", "# comment\n\n", "h:1:d:u:p\n", "h:1:d:u:p", "a\\:b:*:*:u:p\\\\\n", "*:*:*:u:\n",
  ])
  func takesWhatLibpqReads(_ text: String) {
    #expect(Passfile.faults(in: Array(text.utf8)) == [])
  }

  @Test func namesTheLinesThatLibpqWouldSkip() {
    #expect(
      Passfile.faults(in: Array("h:1:d:u:p\nh:1:d:p\n\na:b:c:d:e:f".utf8)) == [
        .init(line: 2, message: "has 4 fields instead of 5"),
        .init(line: 4, message: "has 6 fields instead of 5"),
      ]
    )
  }

  @Test func refusesWhatIsNotText() {
    #expect(Passfile.faults(in: [0xff]).count == 1)
    #expect(Passfile.faults(in: Array("h:1:d:u:".utf8) + [0]).count == 1)
  }
}
