import PostgresConfig

// OpenSSL's reasons not to accept a chain, each with whose certificate it is and what to do.
//
// See X509_STORE_CTX_get_error(3).
extension CertificateChecks {
  /// What there is to say of a fault; nil where another message or check says it.
  func problem(withChain fault: Verification.Fault) -> Problem? {
    guard let kind = fault.kind else { return problem(notVerifying: fault) }
    guard !kind.isAboutUse, !kind.isAboutRevocation, !kind.followsFromProxy else { return nil }
    if kind.isAboutIssuer { return problem(withIssuer: fault) }
    if kind.isAboutConstraints { return problem(withConstraints: fault, kind) }
    let certificate = fault.certificate
    let subject = quoted(certificate.subject)
    let variable = variable(for: certificate)
    switch kind {
    case .unableToVerifyLeaf, .untrusted: return nil  // They follow from the others.
    case .expired, .notYetValid:
      // The node's own is for another check.
      return fault.depth > 0 ? problem(withValidityOf: certificate, kind) : nil
    case .notBeforeUnreadable, .notAfterUnreadable:
      return problem(
        variable,
        "certificate \(subject) has a malformed "
          + (kind == .notAfterUnreadable ? "end of validity" : "beginning of validity"),
        hint: "Reissue it with another tool; the one that issued it writes invalid dates."
      )
    case .noAuthority, .keyUsageLacksCertSign: return problem(withAuthority: certificate)
    case .pathTooLong:
      return problem(
        variable,
        "CA \(subject) may not sign other CAs this far down the chain",
        detail: "The chain exceeds the pathlen in its basicConstraints.",
        hint: "Have the node's certificate signed by a CA further up, or reissue the CA "
          + "certificate."
      )
    case .keyTooSmall, .authorityKeyTooSmall, .digestTooWeak:
      // Of the certificate's file, every one is judged when it is loaded.
      guard !facts.chain.contains(where: { $0 == certificate && $0.weakness != nil }) else {
        return nil
      }
      let weakness = certificate.weakness ?? (kind == .digestTooWeak ? .signature : .key)
      return problem(with: weakness, of: certificate)
    case .issuerKeyUnreadable:
      return problem(
        variable,
        "CA \(subject) has a key of an unsupported type: \(certificate.keyAlgorithm)",
        detail: "Supported types are RSA, ECDSA, Ed25519 and Ed448.",
        hint: "Create a new CA with an RSA or P-256 key."
      )
    case .explicitCurve:
      return problem(
        variable,
        "certificate \(subject) has a key with explicit curve parameters",
        detail: "OpenSSL does not verify chains with explicit curve parameters.",
        hint:
          "Create a new key on a named curve: openssl ecparam -name prime256v1 -genkey -noout"
      )
    case .chainTooLong:
      return problem(
        .sslCert,
        "the certificate chain is too long",
        detail: "OpenSSL follows at most 100 certificates.",
        hint: "Check file \(quoted(facts.files.certificate.path))."
      )
    case .unknownCriticalExtension:
      return problem(
        variable,
        "certificate \(subject) has a critical extension that OpenSSL does not support"
          + (fault.unknownExtension.map { ": \($0)" } ?? ""),
        hint: "Reissue it without that extension, or with the extension not marked critical."
      )
    case .proxy:
      return problem(
        variable,
        "certificate \(subject) is a proxy certificate, which PostgreSQL and libpq do not accept",
        detail: "It has the extension proxyCertInfo.",
        hint: "Have the CA issue one without that extension."
      )
    case .invalidExtension, .resourcesNotNested:
      return problem(
        variable,
        "certificate \(subject) has IP addresses or AS numbers that its CA does not have",
        detail: "OpenSSL reports about its RFC 3779 extensions: \(fault.text).",
        hint: "Reissue it without sbgp-ipAddrBlock and sbgp-autonomousSysNum."
      )
    default: return problem(notVerifying: fault)
    }
  }

  /// OpenSSL did not come to a verdict.
  func problem(notVerifying fault: Verification.Fault) -> Problem {
    problem(
      variable(for: fault.certificate),
      "could not verify certificate \(quoted(fault.certificate.subject)): \(fault.text)",
      hint: "Inspect it: openssl x509 -noout -text"
    )
  }

  private func problem(
    withValidityOf authority: Certificate,
    _ kind: VerificationError
  ) -> Problem {
    let subject = quoted(authority.subject)
    guard kind == .expired else {
      return problem(
        variable(for: authority),
        "CA \(subject) is not valid before \(timestamp(authority.notBefore))",
        hint: "Compare the clocks of this machine and of the one that issued the CA certificate."
      )
    }
    return problem(
      variable(for: authority),
      "CA \(subject) expired on \(timestamp(authority.notAfter))",
      detail: "Certificates that it signed are no longer accepted.",
      hint: "Replace the CA and every certificate that it signed."
    )
  }

  private func problem(
    withConstraints fault: Verification.Fault,
    _ kind: VerificationError
  ) -> Problem {
    let certificate = fault.certificate
    let names = certificate.alternativeNames.map { $0.text }
    let show = "openssl x509 -noout -ext nameConstraints shows them."
    let authority = fault.constrainer.map { "CA \(quoted($0.subject))" } ?? "a CA"
    let variable = variable(for: fault.constrainer ?? certificate)
    switch kind {
    case .nameNotPermitted, .nameExcluded:
      return problem(
        variable,
        "\(authority) may not sign certificate \(quoted(certificate.subject)) with its names",
        detail: "Its nameConstraints "
          + (kind == .nameExcluded ? "exclude one of them" : "do not permit one of them")
          + (names.isEmpty ? "." : ": the subject, \(quotedList(names))."),
        hint: "Reissue the certificate with other names, or reissue the CA certificate; \(show)"
      )
    default:
      return problem(
        variable,
        "\(authority) has nameConstraints that OpenSSL cannot apply to certificate "
          + quoted(certificate.subject),
        detail: "OpenSSL reports: \(fault.text).",
        hint: "Reissue the CA certificate with nameConstraints for DNS, IP, email or dirName; "
          + "\(show)"
      )
    }
  }
}
