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
          detail: "The server would start with it, but no other node would accept it.",
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
      let kind = certificate == leaf ? "certificate" : "CA"
      result.problems.append(
        Problem(
          .warning,
          (certificate == leaf ? EnvironmentVariable.sslCert : .sslRootCert).name,
          "\(kind) \(quoted(certificate.subject)) expires on \(timestamp(certificate.notAfter))",
          detail: "That is in less than 30 days.",
          hint: certificate == leaf
            ? "Renew the certificate." : "Replace the CA in steps: first add the new one."
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
}
