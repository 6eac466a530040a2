import PostgresConfig

// The way from the certificate to an authority, and what each may be used for.
extension CertificateChecks {
  /// Everything that both peers object to, and the objections of one that the other has not.
  func chain() -> CheckResult {
    if let result = skippedForVerification(.chain) { return result }
    var result = CheckResult(.chain)
    guard let verification = facts.verification else { return result }
    result.add("chain", verification.chain.map { $0.subject })
    for fault in verification.faults where !fault.isAboutUse && !fault.isAboutRevocation {
      guard let problem = problem(with: fault), !result.problems.contains(problem) else { continue }
      result.problems.append(problem)
    }
    return result
  }

  /// Why nothing can be said of the node's certificate.
  func skippedForLeaf(_ check: Check) -> CheckResult? {
    guard facts.leaf != nil else {
      return .skipped(check, because: "the certificate cannot be read")
    }
    guard case .open(_, let fits) = facts.key, let first = fits.first, first > 0 else { return nil }
    return .skipped(check, because: "the node's certificate does not stand first in its file")
  }

  /// Why nothing can be said of the chain.
  func skippedForVerification(_ check: Check) -> CheckResult? {
    if let result = skippedForLeaf(check) { return result }
    guard !needsNoAuthority else {
      return .skipped(check, because: "nobody verifies certificates in this mode")
    }
    guard !facts.authorities.isEmpty else {
      return .skipped(check, because: "the certificate authorities cannot be read")
    }
    return nil
  }

  private func problem(with fault: Verification.Fault) -> Problem? {
    let certificate = fault.certificate
    let subject = quoted(certificate.subject)
    let variable = variable(for: certificate)
    switch fault.kind {
    case .signature where certificate.signatureDigest == .unknown,
      .unableToGetIssuer where certificate.signatureDigest == .unknown,
      .unableToGetIssuerLocally where certificate.signatureDigest == .unknown:
      return problem(
        variable,
        "certificate \(subject) has a signature that OpenSSL cannot verify: "
          + certificate.signatureAlgorithm,
        hint: "Issue it with SHA-256."
      )
    case .unableToGetIssuer, .unableToGetIssuerLocally, .signature:
      return missingIssuer(of: certificate)
    case .selfSigned, .selfSignedInChain: return unknownRoot(certificate)
    case .unableToVerifyLeaf, .untrusted: return nil  // They follow from the others.
    case .expired:
      guard fault.depth > 0 else { return nil }  // The node's own is for another check.
      return problem(
        variable,
        "authority \(subject) expired on \(timestamp(certificate.notAfter))",
        detail: "No certificate that it signed is accepted any more.",
        hint: "Replace the authority, and every certificate that it signed."
      )
    case .notYetValid:
      guard fault.depth > 0 else { return nil }
      return problem(
        variable,
        "authority \(subject) is not valid before \(timestamp(certificate.notBefore))",
        hint: "Compare the clocks of this machine and of the one that made the authority."
      )
    case .noAuthority, .keyUsageLacksCertSign: return noAuthority(certificate)
    case .pathTooLong:
      return problem(
        variable,
        "authority \(subject) may not sign other authorities so far down",
        detail: "Its basicConstraints have a pathlen that the chain exceeds.",
        hint: "Have the node's certificate signed further up, or make the authority anew."
      )
    case .keyTooSmall, .authorityKeyTooSmall:
      return problem(
        variable,
        "certificate \(subject) has a key that is too small: \(certificate.keyAlgorithm)",
        detail: "OpenSSL takes RSA keys from 2048 bits on, and elliptic ones from 224 bits on.",
        hint: "Issue it with a larger key."
      )
    case .digestTooWeak:
      return problem(
        variable,
        "certificate \(subject) has a signature that is too weak: \(certificate.signatureAlgorithm)",
        hint: "Issue it with SHA-256."
      )
    default:
      return problem(variable, "certificate \(subject) is not accepted: \(fault.text)")
    }
  }

  /// Which file a certificate of the chain comes from.
  private func variable(for certificate: Certificate) -> EnvironmentVariable {
    facts.authorities.contains(certificate) && certificate != facts.leaf ? .sslRootCert : .sslCert
  }

  private func missingIssuer(of certificate: Certificate) -> Problem {
    let issuer = quoted(certificate.issuer)
    let path = quoted(facts.files.authority.path)
    let known = facts.authorities + facts.chain
    guard let namesake = known.first(where: { $0.subject == certificate.issuer }) else {
      return problem(
        .sslRootCert,
        "authority \(issuer) is not in file \(path)",
        detail: "It signed certificate \(quoted(certificate.subject)). "
          + "The file holds \(quotedList(facts.authorities.map { $0.subject })).",
        hint: certificate == facts.leaf
          ? "Mount the authority that signed, or append an intermediate certificate to the node's own."
          : "Mount the authority that signed."
      )
    }
    guard namesake.isAuthority else { return noAuthority(namesake) }
    return problem(
      .sslRootCert,
      "authority \(issuer) in file \(path) did not sign certificate \(quoted(certificate.subject))",
      detail: "The one that did has the same name and another key.",
      hint: "Mount the ca.crt that was made with the certificate. "
        + "While an authority is replaced, the file holds the old one and the new one."
    )
  }

  private func unknownRoot(_ certificate: Certificate) -> Problem {
    let subject = quoted(certificate.subject)
    let path = quoted(facts.files.authority.path)
    let held = "The file holds \(quotedList(facts.authorities.map { $0.subject }))."
    if certificate == facts.leaf {
      return problem(
        .sslCert,
        "certificate \(subject) signed itself and is not in file \(path)",
        detail: held,
        hint: "Have it signed by the authority in the file."
      )
    }
    return problem(
      .sslRootCert,
      "authority \(subject) is not in file \(path)",
      detail: held,
      hint: "Mount the authority at the end of the node's chain."
    )
  }

  private func noAuthority(_ certificate: Certificate) -> Problem {
    problem(
      variable(for: certificate),
      "certificate \(quoted(certificate.subject)) signed another one and is not an authority",
      detail: "Its basicConstraints lack CA:TRUE, or its keyUsage lacks keyCertSign.",
      hint: "Make the authority anew with basicConstraints=critical,CA:TRUE and "
        + "keyUsage=critical,keyCertSign,cRLSign."
    )
  }
}

// Nodes are each other's servers and clients, with one certificate.
extension CertificateChecks {
  enum Role: String {
    case server
    case client
  }

  func use(_ check: Check, as role: Role) -> CheckResult {
    if let result = skippedForVerification(check) { return result }
    var result = CheckResult(check)
    guard let verification = facts.verification, let leaf = facts.leaf else { return result }
    result.add("usage", leaf.usage.texts)
    let faults =
      role == .server ? verification.faultsAsServer : verification.faultsAsClient
    // Who is no authority at all was told so.
    let notAuthorities = faults.filter { $0.kind == .noAuthority }.map { $0.certificate }
    for fault in faults
    where fault.isAboutUse && !notAuthorities.contains(fault.certificate) {
      let subject = quoted(fault.certificate.subject)
      if fault.depth > 0 {
        result.problems.append(
          problem(
            variable(for: fault.certificate),
            "authority \(subject) may not sign certificates of a \(role.rawValue)",
            detail: "Its extendedKeyUsage or trust settings leave them out.",
            hint: "Make the authority anew without extendedKeyUsage."
          )
        )
      } else {
        result.problems.append(
          problem(
            .sslCert,
            "certificate \(subject) cannot be used as a \(role.rawValue)'s",
            detail: lacking(leaf.usage, as: role),
            hint: "Issue it with extendedKeyUsage=serverAuth,clientAuth and "
              + "keyUsage=critical,digitalSignature."
          )
        )
      }
    }
    return result
  }

  private func lacking(_ usage: Certificate.Usage, as role: Role) -> String {
    let isAllowed = role == .server ? usage.serves : usage.connects
    var faults: [String] = []
    if !isAllowed { faults.append("Its extendedKeyUsage lacks \(role.rawValue)Auth.") }
    if !usage.signs { faults.append("Its keyUsage lacks digitalSignature.") }
    if faults.isEmpty { faults.append("Its keyUsage or nsCertType leaves that out.") }
    return faults.joined(separator: " ")
  }
}

extension Certificate.Usage {
  var texts: [String] {
    [(signs, "digitalSignature"), (serves, "serverAuth"), (connects, "clientAuth")]
      .filter { $0.0 }.map { $0.1 }
  }
}

extension Verification {
  /// The faults in both roles, each once.
  var faults: [Fault] {
    faultsAsServer + faultsAsClient.filter { !faultsAsServer.contains($0) }
  }
}

extension Verification.Fault {
  var isAboutUse: Bool { kind == .purpose || kind == .rejected }

  var isAboutRevocation: Bool { revocationCodes.contains(code) }

  /// The errors of X509_STORE_CTX_get_error(3) that are about lists.
  private var revocationCodes: [Int32] {
    [3, 5, 8, 11, 12, 15, 16, 23, 33, 35, 36, 44, 54]
  }
}
