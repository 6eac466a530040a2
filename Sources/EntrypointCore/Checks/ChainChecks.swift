import PostgresConfig

// The way from the certificate to an authority, and what each may be used for.
extension CertificateChecks {
  /// Everything that both peers object to, and the objections of one that the other has not.
  func chain() -> CheckResult {
    if let result = skippedForVerification(.chain) { return result }
    var result = CheckResult(.chain)
    guard let verification = facts.verification else { return result }
    result.add("chain", verification.chain.map { $0.subject })
    for fault in verification.faults {
      guard let problem = problem(withChain: fault), !result.problems.contains(problem) else {
        continue
      }
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
    return .skipped(check, because: "the node's certificate is not the first in its file")
  }

  /// Why nothing can be said of the chain.
  func skippedForVerification(_ check: Check) -> CheckResult? {
    if let result = skippedForLeaf(check) { return result }
    guard !needsNoAuthority else {
      return .skipped(check, because: "certificates are not verified in this mode")
    }
    guard !facts.authorities.isEmpty else {
      return .skipped(check, because: "the CA certificates cannot be read")
    }
    return nil
  }

  /// Which file a certificate of the chain comes from.
  func variable(for certificate: Certificate) -> EnvironmentVariable {
    facts.authorities.contains(certificate) && certificate != facts.leaf ? .sslRootCert : .sslCert
  }
}

extension Verification {
  /// The faults in both roles, each once.
  var faults: [Fault] {
    faultsAsServer + faultsAsClient.filter { !faultsAsServer.contains($0) }
  }
}
