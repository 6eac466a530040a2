import CCrypto
import CSystem
import EntrypointCore
import PostgresConfig

/// The node's self-signed certificate, for connections that are encrypted and never verified.
///
/// One file holds the certificate and its key, which PostgreSQL reads each with its own call; so
/// there is never one without the other.
public enum OwnCertificate {
  /// Why there is no certificate.
  public struct Failure: Error, Sendable {
    /// What the system or OpenSSL said.
    public let reason: String
    /// The call that failed; nil when OpenSSL did.
    let cause: SystemError?

    init(reason: String) {
      self.reason = reason
      cause = nil
    }

    init(_ error: SystemError) {
      cause = error
      reason = "\(error.call) failed on \(error.path): \(error.reason)"
    }
  }

  private static let secondsOfLife = 365 * 86_400

  /// A certificate that ends sooner is replaced; the pod may run for a while.
  private static let shortestRest = 30 * 86_400

  /// For clocks that are slow.
  private static let tolerance = 3600

  /// Makes the file in `directory`, unless an earlier start left one that is as good.
  public static func ensure(
    _ identity: SelfSignedIdentity,
    in directory: TLSDirectory,
    now: Int
  ) throws(Failure) {
    let path = directory.selfSigned
    if isGood(path, identity, now: now) { return }
    _ = ccrypto_initialize()
    guard let text = make(identity, now: now) else {
      throw Failure(reason: OpenSSLError.takeReason())
    }
    do throws(SystemError) {
      try PrivateDirectory.ensure(directory.path)
    } catch {
      throw Failure(error)
    }
    do throws(AtomicFile.Failure) {
      try AtomicFile.write(text, to: path)
    } catch {
      throw Failure(error.cause)
    }
  }

  /// As `ensure`, with the system's words.
  public static func provide(
    _ identity: SelfSignedIdentity,
    in directory: TLSDirectory,
    now: Int
  ) throws(SystemError) {
    do throws(Failure) {
      try ensure(identity, in: directory, now: now)
    } catch {
      throw error.cause ?? SystemError("X509_sign", directory.selfSigned, code: EIO)
    }
  }

  private static func isGood(_ path: String, _ identity: SelfSignedIdentity, now: Int) -> Bool {
    let files = CertificateReader.load(
      CertificateFiles(authority: path, certificate: path, key: path, revocationList: nil)
    )
    let facts = CertificateReader.facts(about: files, at: now)
    guard let leaf = facts.leaf, case .open(_, let fits) = facts.key, fits == [0],
      let permissions = facts.files.key.permissions
    else { return false }
    return permissions.owner == facts.user && permissions.mode == 0o600
      && leaf.commonName == Array(identity.commonName.utf8)
      && leaf.alternativeNames == identity.names
      && leaf.notBefore <= now && leaf.notAfter > now + shortestRest
  }

  private static func make(_ identity: SelfSignedIdentity, now: Int) -> [UInt8]? {
    guard let key = ccrypto_ec_generate_p256(), let numbers = P256Numbers(key),
      let certificate = X509_new()
    else { return nil }
    defer {
      EVP_PKEY_free(key)
      X509_free(certificate)
    }
    let name = X509_get_subject_name(certificate)
    let commonName = Array(identity.commonName.utf8)
    let isComplete =
      X509_set_version(certificate, Int(X509_VERSION_3)) == 1
      && setSerial(of: certificate)
      && ASN1_TIME_set(X509_getm_notBefore(certificate), now - tolerance) != nil
      && ASN1_TIME_set(X509_getm_notAfter(certificate), now + secondsOfLife) != nil
      && X509_NAME_add_entry_by_NID(
        name,
        NID_commonName,
        MBSTRING_UTF8,
        commonName,
        Int32(commonName.count),
        -1,
        0
      ) == 1
      && X509_set_issuer_name(certificate, name) == 1 && numbers.setPublicKey(of: certificate)
      && add(NID_basic_constraints, isCritical: true, DER.notAuthority, to: certificate)
      && add(NID_key_usage, isCritical: true, DER.digitalSignature, to: certificate)
      && add(NID_ext_key_usage, isCritical: false, DER.serverAuth, to: certificate)
      && add(NID_subject_alt_name, isCritical: false, DER.names(identity.names), to: certificate)
      && X509_sign(certificate, key, EVP_sha256()) > 0
    guard isComplete else { return nil }
    let text = printed { bio in
      PEM_write_bio_X509(bio, certificate)
      let bytes = numbers.privateKeyInfo
      PEM_write_bio(bio, "PRIVATE KEY", "", bytes, bytes.count)
    }
    return Array(text.utf8)
  }

  private static func setSerial(of certificate: OpaquePointer) -> Bool {
    guard let number = BN_new() else { return false }
    defer { BN_free(number) }
    return BN_rand(number, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1
      && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
  }

  private static func add(
    _ identifier: Int32,
    isCritical: Bool,
    _ value: [UInt8],
    to certificate: OpaquePointer
  ) -> Bool {
    let data = ASN1_OCTET_STRING_new()
    defer { ASN1_OCTET_STRING_free(data) }
    guard ASN1_OCTET_STRING_set(data, value, Int32(value.count)) == 1,
      let `extension` = X509_EXTENSION_create_by_NID(nil, identifier, isCritical ? 1 : 0, data)
    else { return false }
    defer { X509_EXTENSION_free(`extension`) }
    return X509_add_ext(certificate, `extension`, -1) == 1
  }

  /// What the extensions hold, see RFC 5280, section 4.2.1.
  ///
  /// OpenSSL's own encoders begin with the syntax of its configuration files.
  private enum DER {
    static let notAuthority: [UInt8] = [0x30, 0x00]
    static let digitalSignature: [UInt8] = [0x03, 0x02, 0x07, 0x80]
    static let serverAuth: [UInt8] = [
      0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01,
    ]

    static func names(_ names: [ServerIdentity.Name]) -> [UInt8] {
      let elements = names.flatMap { name in
        switch name {
        case .dns(let bytes): element(0x82, bytes)
        case .ip(let bytes): element(0x87, bytes)
        }
      }
      return element(0x30, elements)
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
      let (high, low) = (UInt8(content.count >> 8), UInt8(content.count & 0xff))
      let length = high > 0 ? [0x82, high, low] : low < 0x80 ? [low] : [0x81, low]
      return [tag] + length + content
    }
  }
}
