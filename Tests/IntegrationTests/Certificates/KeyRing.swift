import CCrypto
import TestSupport

/// Keys that many sets share, because they take time to make.
enum KeyRing {
  static let leaf = made(.p256)
  static let other = made(.p256)
  static let authority = made(.p256)
  static let otherAuthority = made(.p256)
  static let intermediate = made(.p256)
  static let rsa = made(.rsa(2048))
  static let otherRSA = made(.rsa(2048))
  static let smallRSA = made(.rsa(1024))
  static let rsaPSS = made(.rsaPSS(2048))
  static let secp256k1 = made(.ec(NID_secp256k1))
  static let p224 = made(.ec(NID_secp224r1))
  static let p192 = made(.ec(NID_X9_62_prime192v1))
  static let p384 = made(.ec(NID_secp384r1))
  static let p521 = made(.ec(NID_secp521r1))
  static let brainpool = made(.ec(NID_brainpoolP256r1))
  static let binary = made(.ec(NID_sect283r1))
  static let dsa = made(.dsa)
  static let x25519 = made(.x25519)
  static let rsaPSSWithSHA1 = made(.rsaPSSRestricted("SHA1", salt: 20))
  static let rsaPSSWithSHA512Half = made(.rsaPSSRestricted("SHA512-256", salt: 32))
  static let rsaPSSWithSHA384 = made(.rsaPSSRestricted("SHA384", salt: 48))
  static let rsaPSSWithLongSalt = made(.rsaPSSRestricted("SHA256", salt: 48))
  static let ed25519 = made(.ed25519)
  static let ed448 = made(.ed448)

  private static func made(_ kind: TestKey.Kind) -> TestKey {
    do { return try TestKey(kind) } catch { fatalError("no key: \(error)") }
  }
}
