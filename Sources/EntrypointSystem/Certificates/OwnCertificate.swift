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

    init(reason: String) {
      self.reason = reason
    }

    init(_ error: SystemError) {
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
    _ = ccrypto_initialize_for_making()
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
    guard let key = ccrypto_ec_generate_p256(), let certificate = X509_new() else { return nil }
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
      && X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1
      && add(NID_basic_constraints, "critical,CA:FALSE", to: certificate)
      && add(NID_key_usage, "critical,digitalSignature", to: certificate)
      && add(NID_ext_key_usage, "serverAuth", to: certificate)
      && add(NID_subject_alt_name, alternativeNames(identity), to: certificate)
      && X509_sign(certificate, key, EVP_sha256()) > 0
    guard isComplete else { return nil }
    let text = printed { bio in
      PEM_write_bio_X509(bio, certificate)
      PEM_write_bio_PKCS8PrivateKey(bio, key, nil, nil, 0, nil, nil)
    }
    return Array(text.utf8)
  }

  private static func setSerial(of certificate: OpaquePointer) -> Bool {
    guard let number = BN_new() else { return false }
    defer { BN_free(number) }
    return BN_rand(number, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1
      && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
  }

  private static func alternativeNames(_ identity: SelfSignedIdentity) -> String {
    identity.names.map { name in
      switch name {
      case .dns(let bytes): "DNS:" + String(decoding: bytes, as: UTF8.self)
      case .ip(let bytes): "IP:" + (IPAddress(networkOrder: bytes)?.description ?? "")
      }
    }.joined(separator: ",")
  }

  private static func add(
    _ identifier: Int32,
    _ value: String,
    to certificate: OpaquePointer
  ) -> Bool {
    guard let `extension` = X509V3_EXT_conf_nid(nil, nil, identifier, value) else { return false }
    defer { X509_EXTENSION_free(`extension`) }
    return X509_add_ext(certificate, `extension`, -1) == 1
  }
}
