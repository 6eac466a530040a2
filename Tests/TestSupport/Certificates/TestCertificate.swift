import CCrypto
import Foundation

/// What a certificate of a test should say.
///
/// The defaults make one that every check likes.
public struct CertificateRecipe: Sendable {
  /// The CNs, in order.
  public var commonNames = ["node"]
  /// Whether the CN is encoded as UTF-16, a BMPString.
  public var hasUTF16CommonName = false
  /// The organisation, when there is one.
  public var organization: String?
  /// The value of subjectAltName, in openssl's notation.
  public var names: String?
  /// The value of keyUsage.
  public var keyUsage: String? = "critical,digitalSignature"
  /// The value of extendedKeyUsage.
  public var extendedKeyUsage: String? = "serverAuth,clientAuth"
  /// The value of basicConstraints.
  public var basicConstraints: String? = "critical,CA:FALSE"
  /// More extensions, by OpenSSL's number and in its notation.
  public var others: [(Int32, String)] = []
  /// Whether subjectKeyIdentifier and authorityKeyIdentifier are there.
  public var hasIdentifiers = true
  /// When its life begins, in seconds since 1970.
  public var notBefore = Int(Date().timeIntervalSince1970) - 3600
  /// When its life ends, in seconds since 1970.
  public var notAfter = Int(Date().timeIntervalSince1970) + 365 * 86_400
  /// Its serial number.
  public var serial = 0x1234
  /// What it is signed with, where the key leaves a choice.
  public var digest = Digest.sha256

  /// The digests of signatures.
  public enum Digest: Sendable {
    case md5
    case sha1
    case sha224
    case sha256
    case sha512
    case sha512Half
    case sha3
    case sha3With224
    case sha3With384
  }

  /// A node's certificate.
  public init() {}

  /// An authority's certificate.
  public static func authority(_ name: String) -> CertificateRecipe {
    var recipe = CertificateRecipe()
    recipe.commonNames = [name]
    recipe.keyUsage = "critical,keyCertSign,cRLSign"
    recipe.extendedKeyUsage = nil
    recipe.basicConstraints = "critical,CA:TRUE"
    recipe.notAfter += 9 * 365 * 86_400
    recipe.serial = 1
    return recipe
  }

  /// The same with changes.
  public func with(_ change: (inout CertificateRecipe) -> Void) -> CertificateRecipe {
    var recipe = self
    change(&recipe)
    return recipe
  }
}

/// A certificate and its key.
public final class TestCertificate: @unchecked Sendable {
  let pointer: OpaquePointer
  /// Its key.
  public let key: TestKey

  /// Makes a certificate that `issuer` signs, or that signs itself.
  public init(_ recipe: CertificateRecipe, key: TestKey, issuer: TestCertificate? = nil) throws {
    guard let certificate = X509_new() else { throw CryptoFailure("X509_new") }
    pointer = certificate
    self.key = key
    X509_set_version(certificate, Int(X509_VERSION_3))
    ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), Int64(recipe.serial))
    ASN1_TIME_set(X509_getm_notBefore(certificate), recipe.notBefore)
    ASN1_TIME_set(X509_getm_notAfter(certificate), recipe.notAfter)
    let name = X509_get_subject_name(certificate)
    if let organization = recipe.organization {
      try Self.add(NID_organizationName, Array(organization.utf8), MBSTRING_UTF8, to: name)
    }
    for commonName in recipe.commonNames {
      recipe.hasUTF16CommonName
        ? try Self.add(
          NID_commonName,
          commonName.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
          V_ASN1_BMPSTRING,
          to: name
        )
        : try Self.add(NID_commonName, Array(commonName.utf8), MBSTRING_UTF8, to: name)
    }
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer?.pointer ?? certificate))
    X509_set_pubkey(certificate, key.pointer)
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer?.pointer ?? certificate, certificate, nil, nil, 0)
    var extensions: [(Int32, String?)] = [
      (NID_basic_constraints, recipe.basicConstraints), (NID_key_usage, recipe.keyUsage),
      (NID_ext_key_usage, recipe.extendedKeyUsage), (NID_subject_alt_name, recipe.names),
    ]
    if recipe.hasIdentifiers {
      extensions += [
        (NID_subject_key_identifier, "hash"), (NID_authority_key_identifier, "keyid"),
      ]
    }
    for case (let identifier, let value?) in extensions + recipe.others {
      guard let made = X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
        throw CryptoFailure("X509V3_EXT_conf_nid \(value)")
      }
      X509_add_ext(certificate, made, -1)
      X509_EXTENSION_free(made)
    }
    let signer = issuer?.key ?? key
    try check(
      X509_sign(certificate, signer.pointer, Self.digest(signer, recipe.digest)),
      "X509_sign"
    )
  }

  deinit {
    X509_free(pointer)
  }

  private static func digest(
    _ key: TestKey,
    _ digest: CertificateRecipe.Digest
  ) -> OpaquePointer? {
    if key.kind == .ed25519 || key.kind == .ed448 { return nil }
    return switch digest {
    case .md5: EVP_md5()
    case .sha1: EVP_sha1()
    case .sha224: EVP_sha224()
    case .sha256: EVP_sha256()
    case .sha512: EVP_sha512()
    case .sha512Half: EVP_sha512_256()
    case .sha3: EVP_sha3_256()
    case .sha3With224: EVP_sha3_224()
    case .sha3With384: EVP_sha3_384()
    }
  }

  private static func add(
    _ identifier: Int32,
    _ bytes: [UInt8],
    _ type: Int32,
    to name: OpaquePointer?
  ) throws {
    try check(
      X509_NAME_add_entry_by_NID(name, identifier, type, bytes, Int32(bytes.count), -1, 0),
      "X509_NAME_add_entry_by_NID"
    )
  }

  /// The certificate as PEM.
  public var pem: String { printed { PEM_write_bio_X509($0, pointer) } }

  /// The certificate as DER.
  public var der: [UInt8] { bytes { i2d_X509_bio($0, pointer) } }

  /// A revocation list of this authority's, as PEM.
  ///
  /// - Parameters:
  ///   - serials: the revoked certificates' numbers.
  ///   - lastUpdate: when it was made, in seconds since 1970.
  ///   - nextUpdate: when the next one comes, in seconds since 1970.
  ///   - extensions: by OpenSSL's number and in its notation.
  public func revocationList(
    of serials: [Int] = [],
    lastUpdate: Int = Int(Date().timeIntervalSince1970) - 3600,
    nextUpdate: Int = Int(Date().timeIntervalSince1970) + 90 * 86_400,
    extensions: [(Int32, String)] = []
  ) throws -> String {
    guard let list = X509_CRL_new(), let time = ASN1_TIME_new() else {
      throw CryptoFailure("X509_CRL_new")
    }
    defer {
      X509_CRL_free(list)
      ASN1_TIME_free(time)
    }
    X509_CRL_set_version(list, Int(X509_CRL_VERSION_2))
    X509_CRL_set_issuer_name(list, X509_get_subject_name(pointer))
    ASN1_TIME_set(time, lastUpdate)
    X509_CRL_set1_lastUpdate(list, time)
    ASN1_TIME_set(time, nextUpdate)
    X509_CRL_set1_nextUpdate(list, time)
    for serial in serials {
      let revoked = X509_REVOKED_new()
      let number = ASN1_INTEGER_new()
      defer { ASN1_INTEGER_free(number) }
      ASN1_INTEGER_set_int64(number, Int64(serial))
      X509_REVOKED_set_serialNumber(revoked, number)
      ASN1_TIME_set(time, lastUpdate)
      X509_REVOKED_set_revocationDate(revoked, time)
      X509_CRL_add0_revoked(list, revoked)
    }
    X509_CRL_sort(list)
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, pointer, nil, nil, list, 0)
    for (identifier, value) in extensions {
      guard let made = X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
        throw CryptoFailure("X509V3_EXT_conf_nid \(value)")
      }
      X509_CRL_add_ext(list, made, -1)
      X509_EXTENSION_free(made)
    }
    try check(X509_CRL_sign(list, key.pointer, Self.digest(key, .sha256)), "X509_CRL_sign")
    return printed { PEM_write_bio_X509_CRL($0, list) }
  }
}
