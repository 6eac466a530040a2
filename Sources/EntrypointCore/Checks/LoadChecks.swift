// What keeps OpenSSL from loading a certificate, whether a chain needs it or not.
//
// See SSL_CTX_use_certificate_chain_file(3) and SSL_CTX_set_security_level(3).
extension CertificateChecks {
  /// PostgreSQL and libpq load every certificate of the file, and stop at the first that is refused.
  var problemsWithLoading: [Problem] {
    let needed = facts.verification?.chain ?? []
    var problems: [Problem] = []
    for (index, certificate) in facts.chain.enumerated() {
      let isNeeded = index == 0 || needed.contains(certificate)
      if index == 0, certificate.extensionFault != nil {
        problems.append(problem(withExtensionsOf: certificate))
      } else if let weakness = certificate.weakness {
        problems.append(
          isNeeded
            ? problem(with: weakness, of: certificate)
            : problem(with: weakness, ofUnneeded: certificate, number: index + 1)
        )
      }
    }
    return problems
  }

  private func problem(
    with weakness: Certificate.Weakness,
    ofUnneeded certificate: Certificate,
    number: Int
  ) -> Problem {
    problem(
      .sslCert,
      "certificate \(number) in file \(quoted(facts.files.certificate.path)), "
        + "\(quoted(certificate.subject)), \(weakness.text(of: certificate))",
      detail: weakness == .unusableKey
        ? "PostgreSQL and libpq load every certificate of the file, and reject the file if "
          + "OpenSSL does not support the key of one."
        : "PostgreSQL and libpq load every certificate of the file, and reject the file because "
          + "of this one.",
      hint: "Remove it from the file; the node's certificate does not need it."
    )
  }

  func problem(with weakness: Certificate.Weakness, of certificate: Certificate) -> Problem {
    let message = "certificate \(quoted(certificate.subject)) \(weakness.text(of: certificate))"
    switch weakness {
    case .key:
      return problem(
        variable(for: certificate),
        message,
        detail: "OpenSSL requires at least 2048 bits for RSA keys and 224 bits for "
          + "elliptic-curve keys.",
        hint: "Reissue it with a larger key."
      )
    case .unusableKey:
      return problem(
        variable(for: certificate),
        message,
        detail: "Supported types are RSA, ECDSA, Ed25519 and Ed448.",
        hint: "Reissue it with an RSA or P-256 key."
      )
    case .signature, .unknownSignature:
      return problem(variable(for: certificate), message, hint: "Reissue it with SHA-256.")
    }
  }

  func problem(withExtensionsOf certificate: Certificate) -> Problem {
    let detail: String? =
      switch certificate.extensionFault {
      case .undecodable(let name): "Its \(name) cannot be decoded."
      case .repeated(let name): "It has \(name) twice."
      case .invalid:
        "Its keyUsage is empty, its pathlen negative, or it is a proxy certificate with names."
      case nil: nil
      }
    return problem(
      variable(for: certificate),
      "certificate \(quoted(certificate.subject)) has invalid extensions",
      detail: detail,
      hint: "Reissue it; openssl x509 -noout -text shows them."
    )
  }
}

extension Certificate {
  /// Why OpenSSL refuses a certificate for being weak.
  enum Weakness: Equatable, Sendable {
    /// Its key is too small.
    case key
    /// This program cannot read its key. OpenSSL knows kinds for which TLS has no use, and from 3.5 on
    /// ML-DSA.
    case unusableKey
    /// Its signature is made over too small a digest.
    case signature
    /// OpenSSL does not know how strong its signature is.
    case unknownSignature

    func text(of certificate: Certificate) -> String {
      switch self {
      case .key: "has a key that is too small: \(certificate.keyAlgorithm)"
      case .unusableKey: "has a key of an unsupported type: \(certificate.keyAlgorithm)"
      case .signature: "has a signature that is too weak: \(certificate.signatureAlgorithm)"
      case .unknownSignature:
        "has a signature that OpenSSL cannot verify: \(certificate.signatureAlgorithm)"
      }
    }
  }

  /// Debian's OpenSSL, and from 3.2 on everybody's, has security level 2: 112 bits.
  static let leastStrength = 112

  /// Why OpenSSL refuses it for being weak, when it does.
  var weakness: Weakness? {
    if strength.key < 0 { return .unusableKey }
    if strength.key < Self.leastStrength { return .key }
    guard let signature = strength.signature, signature < Self.leastStrength else { return nil }
    return signatureDigest == .unknown ? .unknownSignature : .signature
  }
}
