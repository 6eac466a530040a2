import CCrypto
import CTestCrypto

/// A private key for tests, made by OpenSSL's libcrypto.
public final class TestKey: @unchecked Sendable {
  /// What it is made with.
  public enum Kind: Hashable, Sendable {
    /// RSA with so many bits.
    case rsa(Int)
    /// An elliptic curve, by OpenSSL's number for it.
    case ec(Int32)
    /// RSA with so many bits, for signatures with the padding PSS only.
    case rsaPSS(Int)
    /// The same, for signatures over one digest, with at least so many bytes of salt.
    case rsaPSSRestricted(String, salt: Int32)
    /// DSA with 2048 bits.
    case dsa
    /// Curve 25519 for key agreement, which signs nothing.
    case x25519
    /// Edwards curve 25519.
    case ed25519
    /// Edwards curve 448.
    case ed448

    /// The usual one.
    public static let p256 = Kind.ec(NID_X9_62_prime256v1)
  }

  let pointer: OpaquePointer
  let kind: Kind

  /// Makes a key.
  public init(_ kind: Kind) throws {
    guard ctestcrypto_initialize() == 1 else { throw CryptoFailure("initialize") }
    let identifier =
      switch kind {
      case .rsa: EVP_PKEY_RSA
      case .rsaPSS, .rsaPSSRestricted: EVP_PKEY_RSA_PSS
      case .dsa: EVP_PKEY_DSA
      case .x25519: EVP_PKEY_X25519
      case .ec: EVP_PKEY_EC
      case .ed25519: EVP_PKEY_ED25519
      case .ed448: EVP_PKEY_ED448
      }
    let parameters = kind == .dsa ? try Self.dsaParameters() : nil
    defer { EVP_PKEY_free(parameters) }
    let context =
      parameters == nil ? EVP_PKEY_CTX_new_id(identifier, nil) : EVP_PKEY_CTX_new(parameters, nil)
    defer { EVP_PKEY_CTX_free(context) }
    try check(EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
    switch kind {
    case .rsa(let bits), .rsaPSS(let bits): EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits))
    case .ec(let curve): EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, curve)
    case .rsaPSSRestricted(let digest, let salt):
      EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048)
      try check(
        EVP_PKEY_CTX_set_rsa_pss_keygen_md_name(context, digest, nil),
        "EVP_PKEY_CTX_set_rsa_pss_keygen_md_name"
      )
      try check(
        EVP_PKEY_CTX_set_rsa_pss_keygen_saltlen(context, salt),
        "EVP_PKEY_CTX_set_rsa_pss_keygen_saltlen"
      )
    case .dsa, .x25519, .ed25519, .ed448: break
    }
    var key: OpaquePointer?
    try check(EVP_PKEY_keygen(context, &key), "EVP_PKEY_keygen")
    guard let key else { throw CryptoFailure("EVP_PKEY_keygen") }
    pointer = key
    self.kind = kind
  }

  deinit {
    EVP_PKEY_free(pointer)
  }

  private static func dsaParameters() throws -> OpaquePointer? {
    let context = EVP_PKEY_CTX_new_id(EVP_PKEY_DSA, nil)
    defer { EVP_PKEY_CTX_free(context) }
    var parameters: OpaquePointer?
    try check(EVP_PKEY_paramgen_init(context), "EVP_PKEY_paramgen_init")
    EVP_PKEY_CTX_set_dsa_paramgen_bits(context, 2048)
    try check(EVP_PKEY_paramgen(context, &parameters), "EVP_PKEY_paramgen")
    return parameters
  }

  /// The key as PKCS#8.
  public var pkcs8: String {
    printed { PEM_write_bio_PKCS8PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
  }

  /// The key in the older format of its kind: PKCS#1 or SEC1.
  public var traditional: String {
    printed { PEM_write_bio_PrivateKey_traditional($0, pointer, nil, nil, 0, nil, nil) }
  }

  /// The key encrypted, as PKCS#8 or in the older format.
  public func encrypted(isTraditional: Bool) throws -> String {
    try Command.output(
      ["openssl", "pkey", "-aes256", "-passout", "pass:secret"]
        + (isTraditional ? ["-traditional"] : []),
      input: pkcs8
    )
  }

  /// The key as DER.
  public var der: [UInt8] {
    bytes { i2d_PrivateKey_bio($0, pointer) }
  }
}

/// A call of OpenSSL's that failed.
public struct CryptoFailure: Error, CustomStringConvertible {
  /// Which, and why.
  public let description: String

  init(_ call: String) {
    let reason = ccrypto_err_reason_string(ERR_peek_last_error()).map { String(cString: $0) }
    ERR_clear_error()
    description = "\(call): \(reason ?? "no reason given")"
  }
}

func check(_ result: Int32, _ call: String) throws {
  guard result > 0 else { throw CryptoFailure(call) }
}

func bytes(_ print: (OpaquePointer?) -> Int32) -> [UInt8] {
  let bio = BIO_new(BIO_s_mem())
  defer { BIO_free(bio) }
  _ = print(bio)
  var data: UnsafeMutablePointer<CChar>?
  let count = ccrypto_bio_get_mem_data(bio, &data)
  return Array(UnsafeRawBufferPointer(start: data, count: max(0, count)))
}

func printed(_ print: (OpaquePointer?) -> Int32) -> String {
  String(decoding: bytes(print), as: UTF8.self)
}
