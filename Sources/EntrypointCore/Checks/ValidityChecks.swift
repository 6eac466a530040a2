// Time: certificates and revocation lists end.
extension CertificateChecks {
  /// How long before the end somebody is told.
  private static let warningTime = 30 * 86_400

  func validity() -> CheckResult {
    if let result = skippedForLeaf(.validity) { return result }
    guard let leaf = facts.leaf else { return CheckResult(.validity) }
    var result = CheckResult(.validity)
    result.add("subject", leaf.subject)
    result.add("issuer", leaf.issuer)
    result.add("serial", leaf.serial)
    result.add("not_before", timestamp(leaf.notBefore))
    result.add("not_after", timestamp(leaf.notAfter))
    result.add("days_left", (leaf.notAfter - now) / 86_400)
    let subject = quoted(leaf.subject)
    if leaf.notAfter <= now {
      result.problems.append(
        problem(
          .sslCert,
          "certificate \(subject) expired on \(timestamp(leaf.notAfter))",
          detail: "The server would start with it, and no other node would accept it.",
          hint: "Renew the certificate."
        )
      )
    } else if leaf.notBefore > now {
      result.problems.append(
        problem(
          .sslCert,
          "certificate \(subject) is not valid before \(timestamp(leaf.notBefore))",
          hint: "Compare the clocks of this machine and of the one that issued it."
        )
      )
    }
    for certificate in [leaf] + authorities where isEnding(certificate) {
      let kind = certificate == leaf ? "certificate" : "authority"
      result.problems.append(
        Problem(
          .warning,
          (certificate == leaf ? EnvironmentVariable.sslCert : .sslRootCert).name,
          "\(kind) \(quoted(certificate.subject)) expires on \(timestamp(certificate.notAfter))",
          detail: "That is in less than 30 days.",
          hint: certificate == leaf
            ? "Renew the certificate." : "Replace the authority, in steps: first add the new one."
        )
      )
    }
    return result
  }

  /// Those of the chain, without the node's own certificate.
  private var authorities: [Certificate] {
    facts.verification.map { Array($0.chain.dropFirst()) } ?? []
  }

  private func isEnding(_ certificate: Certificate) -> Bool {
    certificate.notBefore <= now && certificate.notAfter > now
      && certificate.notAfter < now + Self.warningTime
  }

  /// With a list, both peers want one of every authority in the chain.
  ///
  /// See <https://www.postgresql.org/docs/current/ssl-tcp.html#SSL-CLIENT-CERTIFICATES>.
  func revocation() -> CheckResult {
    guard let file = facts.files.revocationList else {
      return .skipped(.revocation, because: "PGSSLCRL is not set")
    }
    var result = self.file(
      .revocation,
      file,
      .sslCRL,
      content: "revocation list",
      count: facts.revocationLists.count
    )
    guard result.problems.isEmpty else { return result }
    result.add("issuers", facts.revocationLists.map { $0.issuer })
    result.add("revoked", facts.revocationLists.reduce(0) { $0 + $1.count })
    let updates = facts.revocationLists.compactMap { $0.nextUpdate }
    if let next = updates.min() { result.add("next_update", timestamp(next)) }
    guard skippedForVerification(.revocation) == nil, let verification = facts.verification else {
      return result
    }
    let faults = verification.faults.filter { $0.isAboutRevocation }
    let isChainBroken = verification.faults.contains { $0.breaksChain }
    for fault in faults {
      // Without the issuer's certificate there is no list of the issuer's, either.
      if isChainBroken, fault.kind == .unableToGetRevocationList { continue }
      let problem = problem(with: fault)
      if !result.problems.contains(where: { $0.message == problem.message }) {
        result.problems.append(problem)
      }
    }
    return result
  }

  private func problem(with fault: Verification.Fault) -> Problem {
    let path = quoted(facts.files.revocationList?.path ?? "")
    let certificate = quoted(fault.certificate.subject)
    let issuer = quoted(fault.certificate.issuer)
    switch fault.kind {
    case .revoked:
      return problem(
        .sslCRL,
        "certificate \(certificate) is revoked",
        detail:
          "Serial number \(fault.certificate.serial) is on the list of \(issuer) in file \(path).",
        hint: "Issue a new certificate."
      )
    case .unableToGetRevocationList:
      return problem(
        .sslCRL,
        "file \(path) holds no list of \(issuer)",
        detail:
          "Certificate \(certificate) comes from it, and with PGSSLCRL every authority of the "
          + "chain needs a list.",
        hint: "Append the list of this authority to the file."
      )
    case .revocationListExpired:
      let end = fault.listUpdate.map { " on \(timestamp($0))" } ?? ""
      return problem(
        .sslCRL,
        "list of \(issuer) in file \(path) expired\(end)",
        detail: "No certificate of the authority is accepted until there is a newer list.",
        hint: "Mount a newer list, or unset PGSSLCRL."
      )
    case .revocationListNotYetValid:
      return problem(
        .sslCRL,
        "list of \(issuer) in file \(path) is not valid yet",
        hint: "Compare the clocks of this machine and of the one that made the list."
      )
    case .revocationListSignature:
      return problem(
        .sslCRL,
        "list of \(issuer) in file \(path) was signed with another key",
        hint: "Mount the list of the authority in \(quoted(facts.files.authority.path))."
      )
    default:
      return problem(
        .sslCRL,
        "list of \(issuer) in file \(path) is not accepted: \(fault.text)"
      )
    }
  }
}

extension Verification.Fault {
  /// Whether the chain does not reach an authority.
  fileprivate var breaksChain: Bool {
    switch kind {
    case .unableToGetIssuer, .unableToGetIssuerLocally, .selfSigned, .selfSignedInChain: true
    default: false
    }
  }
}
