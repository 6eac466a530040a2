import CCrypto
import EntrypointCore

// What OpenSSL asks of every certificate that it loads.
extension Certificate {
  /// What ssl_security_cert of OpenSSL's ssl/t1_lib.c compares with the security level.
  static func strength(of certificate: OpaquePointer) -> Strength {
    let key = X509_get0_pubkey(certificate).map { Int(EVP_PKEY_get_security_bits($0)) }
    var bits: Int32 = -1
    let isKnown = X509_get_signature_info(certificate, nil, nil, &bits, nil) == 1
    let isSelfSigned = X509_get_extension_flags(certificate) & UInt32(EXFLAG_SS) != 0
    return Strength(key: key ?? -1, signature: isSelfSigned ? nil : isKnown ? Int(bits) : -1)
  }

  /// The extensions that OpenSSL has to understand, to which X509_check_purpose(3) says no.
  static func extensionFault(of certificate: OpaquePointer) -> ExtensionFault? {
    guard X509_get_extension_flags(certificate) & UInt32(EXFLAG_INVALID) != 0 else { return nil }
    for identifier in [
      NID_basic_constraints, NID_proxyCertInfo, NID_key_usage, NID_ext_key_usage,
      NID_netscape_cert_type, NID_subject_key_identifier, NID_authority_key_identifier,
      NID_subject_alt_name, NID_name_constraints, NID_crl_distribution_points,
      NID_sbgp_ipAddrBlock, NID_sbgp_autonomousSysNum,
    ] {
      let index = X509_get_ext_by_NID(certificate, identifier, -1)
      guard index >= 0, let name = OBJ_nid2sn(identifier).map({ String(cString: $0) }) else {
        continue
      }
      if X509_get_ext_by_NID(certificate, identifier, index) >= 0 { return .repeated(name) }
      if !ccrypto_x509_extension_decodes(X509_get_ext(certificate, index)) {
        return .undecodable(name)
      }
    }
    return .invalid
  }

  /// Whether no signature of TLS's can be made with `key`, which is of kind RSA-PSS.
  ///
  /// Such a key can say which digest and how much salt it is for; see EVP_PKEY-RSA(7). Nothing is signed: OpenSSL
  /// compares when a signature begins.
  static func isRestricted(_ key: OpaquePointer) -> Bool {
    guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA_PSS else { return false }
    return ![EVP_sha256(), EVP_sha384(), EVP_sha512()].contains { digest in
      let context = EVP_MD_CTX_new()
      defer { EVP_MD_CTX_free(context) }
      var parameters: OpaquePointer?
      return EVP_DigestVerifyInit(context, &parameters, digest, nil, key) == 1
        && EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) > 0
    }
  }
}
