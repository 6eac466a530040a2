import CCrypto
import CSystem
import EntrypointCore
import PostgresConfig

extension Certificate {
  /// What OpenSSL says of `certificate`.
  init(_ certificate: OpaquePointer) {
    // The flags of the extensions are there once they were asked for.
    let usage = X509_get_key_usage(certificate)
    let extended = X509_get_extended_key_usage(certificate)
    let key = X509_get0_pubkey(certificate)
    self.init(
      subject: Self.subject(of: certificate),
      issuer: text(of: X509_get_issuer_name(certificate)),
      commonName: Self.commonName(of: certificate),
      alternativeNames: Self.alternativeNames(of: certificate),
      serial: hexadecimal(X509_get0_serialNumber(certificate)),
      notBefore: seconds(X509_get0_notBefore(certificate)) ?? 0,
      notAfter: seconds(X509_get0_notAfter(certificate)) ?? 0,
      usage: Usage(
        signs: usage & UInt32(X509v3_KU_DIGITAL_SIGNATURE) != 0,
        serves: extended & UInt32(XKU_SSL_SERVER) != 0,
        connects: extended & UInt32(XKU_SSL_CLIENT) != 0
      ),
      keyAlgorithm: key.map { algorithm(of: $0) } ?? Self.unreadableAlgorithm(of: certificate),
      curve: key.flatMap { Self.curve(of: $0) },
      hasRestrictedKey: key.map { Self.isRestricted($0) } ?? false,
      signatureAlgorithm: name(of: X509_get_signature_nid(certificate)),
      signatureDigest: Self.signatureDigest(of: certificate),
      isAuthority: X509_check_ca(certificate) != 0,
      strength: Self.strength(of: certificate),
      extensionFault: Self.extensionFault(of: certificate)
    )
    ERR_clear_error()
  }

  /// The name of the kind of key that cannot be read.
  private static func unreadableAlgorithm(of certificate: OpaquePointer) -> String {
    var object: OpaquePointer?
    guard X509_PUBKEY_get0_param(&object, nil, nil, nil, X509_get_X509_PUBKEY(certificate)) == 1
    else { return "unknown" }
    return name(of: object) ?? "unknown"
  }

  static func subject(of certificate: OpaquePointer) -> String {
    text(of: X509_get_subject_name(certificate))
  }

  /// PostgreSQL and libpq hash the certificate with this digest to bind a password to the connection.
  ///
  /// See RFC 5929, section 4.1.
  private static func signatureDigest(of certificate: OpaquePointer) -> SignatureDigest {
    var digest = NID_undef
    guard X509_get_signature_info(certificate, &digest, nil, nil, nil) == 1 else { return .unknown }
    return digest == NID_undef ? .none : .named
  }

  /// PostgreSQL takes the bytes as they are, without converting them.
  private static func commonName(of certificate: OpaquePointer) -> [UInt8]? {
    let name = X509_get_subject_name(certificate)
    let index = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
    guard index >= 0, let entry = X509_NAME_get_entry(name, index) else { return nil }
    return bytes(of: X509_NAME_ENTRY_get_data(entry))
  }

  private static func curve(of key: OpaquePointer) -> String? {
    guard EVP_PKEY_get_base_id(key) == EVP_PKEY_EC else { return nil }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let name = buffer.baseAddress,
        EVP_PKEY_get_group_name(key, name, buffer.count, nil) == 1
      else { return nil }
      return String(cString: name)
    }
  }

  private static func alternativeNames(of certificate: OpaquePointer) -> [ServerIdentity.Name] {
    guard let data = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
      return []
    }
    let names = OpaquePointer(data)
    defer { GENERAL_NAMES_free(names) }
    var found: [ServerIdentity.Name] = []
    for index in 0..<ccrypto_sk_general_name_num(names) {
      guard let name = ccrypto_sk_general_name_value(names, index) else { continue }
      switch name.pointee.type {
      case GEN_DNS: found.append(.dns(bytes(of: ccrypto_general_name_string(name))))
      case GEN_IPADD: found.append(.ip(bytes(of: ccrypto_general_name_string(name))))
      default: break
      }
    }
    return found
  }
}

extension RevocationList {
  /// What OpenSSL says of `list`.
  init(_ list: OpaquePointer) {
    let revoked = X509_CRL_get_REVOKED(list)
    self.init(
      issuer: text(of: X509_CRL_get_issuer(list)),
      lastUpdate: seconds(X509_CRL_get0_lastUpdate(list)) ?? 0,
      nextUpdate: seconds(X509_CRL_get0_nextUpdate(list)),
      count: Int(max(0, ccrypto_sk_x509_revoked_num(revoked)))
    )
  }
}

/// A name on one line, `CN=node,O=example`; `(empty)` when nothing is in it.
private func text(of name: OpaquePointer?) -> String {
  guard X509_NAME_entry_count(name) > 0 else { return "(empty)" }
  return printed { _ = ccrypto_x509_name_print($0, name) }
}

func algorithm(of key: OpaquePointer) -> String {
  let identifier = EVP_PKEY_get_base_id(key)
  let bits = String(EVP_PKEY_get_bits(key))
  return switch identifier {
  case EVP_PKEY_RSA: "RSA " + bits
  case EVP_PKEY_RSA_PSS: "RSA-PSS " + bits
  case EVP_PKEY_EC: "EC " + bits
  case EVP_PKEY_DSA: "DSA " + bits
  default: name(of: identifier)
  }
}

private func name(of identifier: Int32) -> String {
  OBJ_nid2ln(identifier).map { String(cString: $0) } ?? "unknown"
}

private func hexadecimal(_ number: UnsafePointer<ASN1_INTEGER>?) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  let text = bytes(of: number).flatMap { [digits[Int($0) >> 4], digits[Int($0) & 15]] }
  return String(decoding: text, as: UTF8.self)
}

/// Seconds since 1970, or nil when there is no such time.
func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int? {
  var parts = tm()
  guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
  return secondsSince1970(
    year: Int(parts.tm_year) + 1900,
    month: Int(parts.tm_mon) + 1,
    day: Int(parts.tm_mday),
    second: Int(parts.tm_hour) * 3600 + Int(parts.tm_min) * 60 + Int(parts.tm_sec)
  )
}

/// OpenSSL's name for an object, or its number when it has none.
func name(of object: OpaquePointer?) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
    guard let text = buffer.baseAddress, OBJ_obj2txt(text, Int32(buffer.count), object, 0) > 0
    else {
      return nil
    }
    return String(cString: text)
  }
}
