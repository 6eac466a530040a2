import CCrypto

/// A key on the curve P-256 as the numbers that it is, and as files have them.
///
/// OpenSSL's encoders know the formats of every kind of key, which is a lot to carry for one.
struct P256Numbers {
  private let privateNumber: [UInt8]
  private let publicPoint: [UInt8]

  /// The numbers of `key`; nil when it is on another curve.
  init?(_ key: OpaquePointer) {
    var number: OpaquePointer?
    guard EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 else { return nil }
    defer { BN_clear_free(number) }
    var bytes = [UInt8](repeating: 0, count: 32)
    guard BN_bn2binpad(number, &bytes, 32) == 32 else { return nil }
    privateNumber = bytes
    var point = [UInt8](repeating: 0, count: 65)
    var count = 0
    guard
      EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &count)
        == 1, count == point.count, point[0] == 4
    else { return nil }
    publicPoint = point
  }

  /// id-ecPublicKey with prime256v1; see RFC 5480, section 2.1.
  private static let algorithm: [UInt8] = [
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
  ]

  /// PKCS#8; see RFC 5958 and, for what it wraps, RFC 5915.
  var privateKeyInfo: [UInt8] {
    [0x30, 0x81, 0x87, 0x02, 0x01, 0x00] + Self.algorithm
      + [0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20] + privateNumber
      + [0xa1, 0x44, 0x03, 0x42, 0x00] + publicPoint
  }

  /// Puts the public key into `certificate`.
  func setPublicKey(of certificate: OpaquePointer) -> Bool {
    guard let copy = CRYPTO_malloc(publicPoint.count, nil, 0) else { return false }
    copy.copyMemory(from: publicPoint, byteCount: publicPoint.count)
    let isSet = X509_PUBKEY_set0_param(
      X509_get_X509_PUBKEY(certificate),
      OBJ_nid2obj(NID_X9_62_id_ecPublicKey),
      V_ASN1_OBJECT,
      OBJ_nid2obj(NID_X9_62_prime256v1).map { UnsafeMutableRawPointer($0) },
      copy.assumingMemoryBound(to: UInt8.self),
      Int32(publicPoint.count)
    )
    if isSet != 1 { CRYPTO_free(copy, nil, 0) }
    return isSet == 1
  }
}
