import Testing

@testable import EntrypointCore

/// Every error that OpenSSL can come to has words of its own, which say whose certificate it is.
@Suite struct VerificationMessagesTests {
  private static let authority = with(NodeFacts.certificate) {
    $0.subject = "CN=authority"
    $0.isAuthority = true
  }

  private static func with(
    _ certificate: Certificate,
    _ change: (inout Certificate) -> Void
  ) -> Certificate {
    var changed = certificate
    change(&changed)
    return changed
  }

  /// What is said when the authority of a chain is at fault.
  private func messages(_ error: VerificationError) -> [String] {
    let authority = Self.authority
    var facts = NodeFacts.facts()
    facts.files.revocationList = facts.files.authority
    facts.files.revocationList?.path = "/tls/ca.crl"
    facts.authorities = [authority]
    facts.verification = Verification(
      chain: [NodeFacts.certificate, authority],
      faultsAsServer: [
        Verification.Fault(
          code: error.rawValue,
          text: "words of OpenSSL's",
          depth: 1,
          certificate: authority
        )
      ],
      faultsAsClient: []
    )
    return NodeFacts.results(facts).flatMap { $0.problems }.map { "\($0.subject): \($0.message)" }
  }

  /// Those that say something else, too, and are told by that.
  private static let consequences: [VerificationError] = [
    .unableToVerifyLeaf, .untrusted, .authorityBehindProxy, .proxyPathTooLong,
    .keyUsageLacksDigitalSignature, .proxyName,
  ]

  /// Those by which OpenSSL says that it came to no verdict.
  private static let withoutVerdict: [VerificationError] = [
    .unspecified, .outOfMemory, .storeLookup,
  ]

  @Test(arguments: VerificationError.allCases)
  func hasAMessageOfItsOwn(_ error: VerificationError) throws {
    let messages = messages(error)
    guard !Self.consequences.contains(error) else {
      // Without that, they are told with what OpenSSL calls them.
      #expect(
        messages == [
          "PGSSLROOTCERT: could not verify certificate \"CN=authority\": words of OpenSSL's"
        ]
      )
      return
    }
    let message = try #require(messages.first)
    #expect(messages.count == 1)
    #expect(message.contains("authority") || error == .chainTooLong, "\(message)")
    #expect(
      message.contains("words of OpenSSL's") == Self.withoutVerdict.contains(error),
      "\(message)"
    )
  }

  @Test func noTwoErrorsAreToldAlikeButThoseThatMeanTheSame() {
    let same: [[VerificationError]] = [
      [.unableToGetIssuer, .unableToGetIssuerLocally, .signature],
      [.selfSigned, .selfSignedInChain],
      [.noAuthority, .keyUsageLacksCertSign], [.purpose, .rejected],
      [.invalidExtension, .resourcesNotNested],
      [.constraintWithMinimum, .constraintOfUnknownType, .constraintUnreadable, .nameUnreadable],
      [.nameNotPermitted, .nameExcluded], [.keyTooSmall, .authorityKeyTooSmall],
      Self.withoutVerdict + Self.consequences,
      [
        .unableToGetRevocationList, .revocationListSignature, .revocationListScope,
        .revocationListPath, .unableToGetRevocationListIssuer,
      ],
    ]
    var seen: [String: VerificationError] = [:]
    for error in VerificationError.allCases {
      guard let message = messages(error).first else { continue }
      if let other = seen[message] {
        #expect(same.contains { $0.contains(error) && $0.contains(other) }, "\(error) and \(other)")
      } else {
        seen[message] = error
      }
    }
  }

  @Test(
    arguments: [
      (.chainTooLong, "PGSSLCERT: the certificate chain is too long"),
      (
        .notBeforeUnreadable,
        "PGSSLROOTCERT: certificate \"CN=authority\" has a malformed beginning of validity"
      ),
      (
        .notAfterUnreadable,
        "PGSSLROOTCERT: certificate \"CN=authority\" has a malformed end of validity"
      ),
      (
        .lastUpdateUnreadable,
        "PGSSLCRL: list of \"CN=authority\" in file \"/tls/ca.crl\" has a malformed lastUpdate"
      ),
      (
        .nextUpdateUnreadable,
        "PGSSLCRL: list of \"CN=authority\" in file \"/tls/ca.crl\" has a malformed nextUpdate"
      ),
      (
        .issuerKeyUnreadable,
        "PGSSLROOTCERT: CA \"CN=authority\" has a key of an unsupported type: EC 256"
      ),
      (
        .resourcesNotNested,
        "PGSSLROOTCERT: certificate \"CN=authority\" has IP addresses or AS numbers that its CA "
          + "does not have"
      ),
      (
        .outOfMemory,
        "PGSSLROOTCERT: could not verify certificate \"CN=authority\": words of OpenSSL's"
      ),
    ] as [(VerificationError, String)]
  )
  func saysWhatFilesHardlyBringAbout(_ error: VerificationError, _ message: String) {
    #expect(messages(error) == [message])
  }

  @Test func anErrorOfALaterOpenSSLHasItsWords() {
    var facts = NodeFacts.facts()
    facts.verification?.faultsAsServer = [
      Verification.Fault(code: 999, text: "news", depth: 0, certificate: NodeFacts.certificate)
    ]
    let messages = NodeFacts.results(facts).flatMap { $0.problems }.map { $0.message }
    #expect(messages == ["could not verify certificate \"CN=node\": news"])
  }
}
