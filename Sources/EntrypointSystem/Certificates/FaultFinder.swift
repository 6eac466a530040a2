import CCrypto
import EntrypointCore

/// Finds out what OpenSSL does not say of a fault: where the certificate or list is that it looked for, and why it
/// is not that one.
///
/// It costs signatures, and only a faulty chain pays for it.
struct FaultFinder {
  /// The certificates of the authorities' file.
  let authorities: [OpaquePointer]
  /// The node's certificate, and those behind it.
  let chain: [OpaquePointer]
  /// The revocation lists.
  let lists: [OpaquePointer]

  /// What there is to know of a fault in the chain `built`.
  func fault(_ found: Handshake.Fault, in built: [OpaquePointer]) -> Verification.Fault {
    let certificate = found.certificate
    var fault = Verification.Fault(
      code: found.code,
      text: String(cString: X509_verify_cert_error_string(Int(found.code))),
      depth: found.depth,
      certificate: Certificate(certificate),
      listUpdate: found.list.flatMap { seconds(X509_CRL_get0_nextUpdate($0)) }
    )
    defer { ERR_clear_error() }
    guard let kind = fault.kind else { return fault }
    if kind.isAboutIssuer { fault.namesakes = namesakes(ofIssuerOf: certificate) }
    if kind.isAboutConstraints {
      fault.constrainer = built.dropFirst(found.depth + 1).first {
        ccrypto_x509_check_constraints($0, certificate) != X509_V_OK
      }.map { Certificate($0) }
    }
    switch kind {
    case .unableToGetRevocationList, .revocationListSignature, .revocationListScope:
      let issuer = found.depth + 1 < built.count ? built[found.depth + 1] : certificate
      fault.lists = lists(of: issuer)
    case .unknownCriticalExtension:
      fault.unknownExtension = Self.unknownExtension(
        (0..<X509_get_ext_count(certificate)).map { X509_get_ext(certificate, $0) }
      )
    case .unknownCriticalExtensionOfList:
      guard let list = found.list else { break }
      fault.unknownExtension = Self.unknownExtension(
        (0..<X509_CRL_get_ext_count(list)).map { X509_CRL_get_ext(list, $0) }
      )
    default: break
    }
    return fault
  }

  private func namesakes(ofIssuerOf certificate: OpaquePointer) -> [Verification.Namesake] {
    let name = X509_get_issuer_name(certificate)
    let files = [(authorities, true), (chain, false)]
    return files.flatMap { file, isTrusted in
      file.enumerated().compactMap { index, other -> Verification.Namesake? in
        guard X509_NAME_cmp(X509_get_subject_name(other), name) == 0 else { return nil }
        let key = X509_get0_pubkey(other)
        let isSigner = key != nil && X509_verify(certificate, key) == 1
        // A certificate with its issuer's name is none of those that could have signed it.
        if !isSigner, X509_cmp(other, certificate) == 0 { return nil }
        let error = X509_check_issued(other, certificate)
        return Verification.Namesake(
          certificate: Certificate(other),
          isTrusted: isTrusted,
          number: index + 1,
          isSigner: isSigner,
          isRoot: key != nil && X509_verify(other, key) == 1,
          isIdentified: Self.names(certificate, keyOf: other),
          isRuledOut: error != X509_V_OK && error != X509_V_ERR_KEYUSAGE_NO_CERTSIGN
        )
      }
    }
  }

  /// Whether the authorityKeyIdentifier of `certificate` is the subjectKeyIdentifier of `authority`.
  private static func names(_ certificate: OpaquePointer, keyOf authority: OpaquePointer) -> Bool {
    guard let named = X509_get0_authority_key_id(certificate),
      let own = X509_get0_subject_key_id(authority)
    else { return false }
    return ASN1_OCTET_STRING_cmp(named, own) == 0
  }

  private func lists(of authority: OpaquePointer) -> [Verification.List] {
    let name = X509_get_subject_name(authority)
    let key = X509_get0_pubkey(authority)
    return lists.enumerated().compactMap { index, list in
      guard X509_NAME_cmp(X509_CRL_get_issuer(list), name) == 0 else { return nil }
      return Verification.List(
        number: index + 1,
        isSigned: key != nil && X509_CRL_verify(list, key) == 1,
        isPartial: [NID_issuing_distribution_point, NID_delta_crl].contains {
          X509_CRL_get_ext_by_NID(list, $0, -1) >= 0
        }
      )
    }
  }

  private static func unknownExtension(_ all: [OpaquePointer?]) -> String? {
    let unknown = all.first { one in
      X509_EXTENSION_get_critical(one) == 1 && X509_supported_extension(one) == 0
    }
    return unknown.flatMap { name(of: X509_EXTENSION_get_object($0)) }
  }
}
