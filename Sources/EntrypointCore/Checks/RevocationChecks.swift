import PostgresConfig

// Certificates that are no longer good, and the lists that say so.
extension CertificateChecks {
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
      content: .revocationList,
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
    let isChainBroken = verification.faults.contains { $0.kind?.isAboutIssuer == true }
    for fault in verification.faults {
      guard let kind = fault.kind, kind.isAboutRevocation else { continue }
      // Without the issuer's certificate there is no list of the issuer's, either.
      let isAboutIssuer =
        kind == .unableToGetRevocationList || kind == .unableToGetRevocationListIssuer
      if isChainBroken, isAboutIssuer { continue }
      let problem = problem(withList: fault, kind)
      if !result.problems.contains(where: { $0.message == problem.message }) {
        result.problems.append(problem)
      }
    }
    return result
  }

  private func problem(
    withList fault: Verification.Fault,
    _ kind: VerificationError
  ) -> Problem {
    let path = quoted(facts.files.revocationList?.path ?? "")
    let certificate = quoted(fault.certificate.subject)
    let issuer = quoted(fault.certificate.issuer)
    let list = "list of \(issuer) in file \(path)"
    switch kind {
    case .revoked:
      return problem(
        .sslCRL,
        "certificate \(certificate) is revoked",
        detail:
          "Serial number \(fault.certificate.serial) is on the list of \(issuer) in file \(path).",
        hint: "Issue a new certificate."
      )
    case .revocationListExpired:
      let end = fault.listUpdate.map { " on \(timestamp($0))" } ?? ""
      return problem(
        .sslCRL,
        "\(list) expired\(end)",
        detail: "Certificates of the CA are rejected until there is a newer list.",
        hint: "Mount a newer list, or unset PGSSLCRL."
      )
    case .revocationListNotYetValid:
      return problem(
        .sslCRL,
        "\(list) is not valid yet",
        hint: "Compare the clocks of this machine and of the one that issued the list."
      )
    case .lastUpdateUnreadable, .nextUpdateUnreadable:
      return problem(
        .sslCRL,
        "\(list) has a malformed "
          + (kind == .lastUpdateUnreadable ? "lastUpdate" : "nextUpdate"),
        hint: "Reissue the list with another tool; the one that issued it writes invalid dates."
      )
    case .keyUsageLacksCRLSign:
      return problem(
        .sslRootCert,
        "CA \(issuer) may not sign the list in file \(path)",
        detail: "Its keyUsage lacks cRLSign.",
        hint:
          "Reissue the CA certificate with keyUsage=critical,keyCertSign,cRLSign, or unset "
          + "PGSSLCRL."
      )
    case .unknownCriticalExtensionOfList:
      return problem(
        .sslCRL,
        "\(list) has a critical extension that OpenSSL does not support"
          + (fault.unknownExtension.map { ": \($0)" } ?? ""),
        hint: "Reissue the list without that extension."
      )
    default: return problem(withNoList: fault)
    }
  }

  /// None of the lists serves.
  private func problem(withNoList fault: Verification.Fault) -> Problem {
    let path = quoted(facts.files.revocationList?.path ?? "")
    let issuer = quoted(fault.certificate.issuer)
    let list = "list of \(issuer) in file \(path)"
    if let good = fault.lists.first(where: { $0.isSigned && !$0.isPartial }) {
      return problem(
        .sslCRL,
        "\(list) was signed with a different key and hides the list of the CA",
        detail: "List \(good.number) in the file is the CA's. OpenSSL uses the first of that "
          + "name unless key identifiers distinguish them.",
        hint: "Put that list first, or issue the lists with authorityKeyIdentifier."
      )
    }
    if fault.lists.contains(where: { $0.isSigned }) {
      return problem(
        .sslCRL,
        "\(list) is not complete",
        detail: "It has an issuingDistributionPoint or a deltaCRLIndicator.",
        hint: "Mount the complete list of the CA."
      )
    }
    guard fault.lists.isEmpty else {
      return problem(
        .sslCRL,
        "\(list) was signed with a different key",
        hint: "Mount the list of the CA in \(quoted(facts.files.authority.path))."
      )
    }
    return problem(
      .sslCRL,
      "file \(path) holds no list of \(issuer)",
      detail: "Certificate \(quoted(fault.certificate.subject)) comes from it, and with PGSSLCRL "
        + "every CA in the chain needs a list.",
      hint: "Append the list of this CA to the file."
    )
  }
}
