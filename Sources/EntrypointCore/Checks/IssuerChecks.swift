// Who signed a certificate, when it is not the authority that OpenSSL found by name.
extension CertificateChecks {
  func problem(withIssuer fault: Verification.Fault) -> Problem? {
    let certificate = fault.certificate
    // To OpenSSL such a certificate comes from nobody, and nobody's comes from it.
    let involved = [certificate] + fault.namesakes.map { $0.certificate }
    if let malformed = involved.first(where: { $0.extensionFault != nil }) {
      // The node's own was told when it was to be loaded.
      return malformed == facts.leaf ? nil : problem(withExtensionsOf: malformed)
    }
    if certificate.weakness == .unknownSignature {
      return facts.chain.contains(certificate)
        ? nil : problem(with: .unknownSignature, of: certificate)
    }
    switch fault.kind {
    case .selfSigned, .selfSignedInChain: return problem(withRoot: fault)
    case .signature: return problem(withSignature: fault)
    default: return problem(withMissingIssuer: fault)
    }
  }

  /// OpenSSL found no certificate that may have signed.
  private func problem(withMissingIssuer fault: Verification.Fault) -> Problem {
    let certificate = fault.certificate
    let subject = quoted(certificate.subject)
    let issuer = quoted(certificate.issuer)
    let path = quoted(facts.files.authority.path)
    guard let namesake = fault.namesakes.first(where: { $0.isSigner }) ?? fault.namesakes.first
    else {
      return problem(
        .sslRootCert,
        "CA \(issuer) is not in file \(path)",
        detail: "It signed certificate \(subject). \(held)",
        hint: certificate == facts.leaf
          ? "Mount the CA that signed it, or append an intermediate certificate to the node's own."
          : facts.authorities.contains(certificate)
            ? "Append it: OpenSSL trusts an intermediate CA only together with its root."
            : "Mount the CA that signed it."
      )
    }
    guard namesake.isSigner else { return problem(withStranger: namesake, fault) }
    guard namesake.certificate.isAuthority else {
      return problem(withAuthority: namesake.certificate)
    }
    if namesake.isRuledOut {
      return problem(
        .sslCert,
        "certificate \(subject) names a different key or serial number of CA \(issuer) than "
          + "file \(self.path(of: namesake)) has",
        detail: "The CA signed it, but OpenSSL follows its authorityKeyIdentifier.",
        hint: "Reissue it with the CA certificate in the file."
      )
    }
    return problem(
      .sslRootCert,
      "CA \(issuer) is not in file \(path)",
      detail: "It signed certificate \(subject) and is \(place(of: namesake)), but only what is in "
        + "\(path) is trusted. \(held)",
      hint: "Append it to \(path)."
    )
  }

  /// OpenSSL took a certificate for the one that signed, and it is not.
  private func problem(withSignature fault: Verification.Fault) -> Problem {
    let issuer = quoted(fault.certificate.issuer)
    guard let taken = fault.namesakes.first(where: { !$0.isSigner && !$0.isRuledOut }),
      let signer = fault.namesakes.first(where: { $0.isSigner })
    else {
      return fault.namesakes.first.map { problem(withStranger: $0, fault) }
        ?? problem(withMissingIssuer: fault)
    }
    let identifiers = "issue them with subjectKeyIdentifier and authorityKeyIdentifier"
    return problem(
      taken.isTrusted ? .sslRootCert : .sslCert,
      "\(place(of: taken)), CA \(issuer), did not sign certificate "
        + "\(quoted(fault.certificate.subject)) and hides the CA that did",
      detail: "\(capitalized(place(of: signer))) has the same name and signed it. "
        + "OpenSSL uses the first of that name unless key identifiers distinguish them.",
      hint: taken.isTrusted == signer.isTrusted
        ? "Put the one that signed first; while certificates of both are in use, \(identifiers)."
        : signer.isRoot
          ? "Put it into file \(quoted(facts.files.authority.path)), before the other."
          : "Give the CAs different names, or \(identifiers)."
    )
  }

  /// There is only another authority of that name.
  private func problem(
    withStranger namesake: Verification.Namesake,
    _ fault: Verification.Fault
  ) -> Problem {
    let subject = quoted(fault.certificate.subject)
    let issuer = quoted(fault.certificate.issuer)
    let path = path(of: namesake)
    if namesake.isIdentified {
      return problem(
        .sslCert,
        "signature of certificate \(subject) does not match CA \(issuer) in file \(path)",
        detail: "The certificate names the key of this CA: one of the two was changed after it "
          + "was issued.",
        hint: "Mount the files as they were issued."
      )
    }
    return problem(
      .sslRootCert,
      "CA \(issuer) in file \(path) did not sign certificate \(subject)",
      detail: "The CA that did has the same name and a different key.",
      hint: "Mount the ca.crt that belongs to the certificate. "
        + "While a CA is being replaced, the file must hold the old and the new one."
    )
  }

  /// The chain ends in a certificate that bears its own name, and that nobody trusts.
  private func problem(withRoot fault: Verification.Fault) -> Problem {
    let certificate = fault.certificate
    let subject = quoted(certificate.subject)
    let path = quoted(facts.files.authority.path)
    let isOwn = fault.namesakes.contains { $0.isSigner && $0.certificate == certificate }
    guard isOwn else {
      return problem(
        variable(for: certificate),
        "certificate \(subject) has the same name as the CA that signed it",
        detail: "OpenSSL treats it as self-signed.",
        hint: "Reissue it with another name."
      )
    }
    guard certificate == facts.leaf else {
      return problem(
        .sslRootCert,
        "CA \(subject) is not in file \(path)",
        detail: held,
        hint: "Mount the CA at the end of the node's chain."
      )
    }
    return problem(
      .sslCert,
      "certificate \(subject) is self-signed and not in file \(path)",
      detail: held,
      hint: "Have it signed by the CA in the file."
    )
  }

  func problem(withAuthority certificate: Certificate) -> Problem {
    if certificate.extensionFault != nil { return problem(withExtensionsOf: certificate) }
    return problem(
      variable(for: certificate),
      "certificate \(quoted(certificate.subject)) signed another one but is not a CA",
      detail: "Its basicConstraints lack CA:TRUE, or its keyUsage lacks keyCertSign.",
      hint: "Reissue the CA certificate with basicConstraints=critical,CA:TRUE and "
        + "keyUsage=critical,keyCertSign,cRLSign."
    )
  }

  private var held: String {
    "The file holds \(quotedList(facts.authorities.map { $0.subject }))."
  }

  private func path(of namesake: Verification.Namesake) -> String {
    quoted(namesake.isTrusted ? facts.files.authority.path : facts.files.certificate.path)
  }

  private func place(of namesake: Verification.Namesake) -> String {
    "certificate \(namesake.number) in file \(path(of: namesake))"
  }

  private func capitalized(_ place: String) -> String { "C" + place.dropFirst() }
}
