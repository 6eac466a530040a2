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
    let isProxied = faults.contains { $0.kind == .proxy }
    let notAuthorities = faults.filter { $0.kind == .noAuthority }.map { $0.certificate }
    for fault in faults
    where fault.kind?.isAboutUse == true && !notAuthorities.contains(fault.certificate)
      && fault.certificate.extensionFault == nil && !(isProxied && fault.depth > 0)
    {
      let subject = quoted(fault.certificate.subject)
      if fault.depth > 0 {
        result.problems.append(
          problem(
            variable(for: fault.certificate),
            "CA \(subject) may not sign \(role.rawValue) certificates",
            detail: "Its extendedKeyUsage or trust settings exclude them.",
            hint: "Reissue the CA certificate without extendedKeyUsage."
          )
        )
      } else {
        result.problems.append(
          problem(
            .sslCert,
            "certificate \(subject) cannot be used by a \(role.rawValue)",
            detail: lacking(leaf.usage, as: role),
            hint: "Reissue it with extendedKeyUsage=serverAuth,clientAuth and "
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
    if faults.isEmpty { faults.append("Its keyUsage or nsCertType excludes that.") }
    return faults.joined(separator: " ")
  }
}

extension Certificate.Usage {
  var texts: [String] {
    [(signs, "digitalSignature"), (serves, "serverAuth"), (connects, "clientAuth")]
      .filter { $0.0 }.map { $0.1 }
  }
}
