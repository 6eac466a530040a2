import CCrypto
import Testing

@testable import EntrypointCore

/// OpenSSL's list of errors, compared with ours.
@Suite struct VerificationErrorTests {
  /// Why PostgreSQL and libpq never come to an error.
  private static let impossible: [(String, [Int32])] = [
    ("no function of OpenSSL's returns it", [4, 5, 42, 45, 50, 55]),
    ("it only tells one certificate of the same name from another", [24, 29, 30, 31, 76, 77]),
    ("nobody asks for policies", [43]),
    ("nobody asks for Suite B", [56, 57, 58, 59, 60, 61]),
    ("libpq compares names itself, PostgreSQL none", [62, 63, 64]),
    ("nobody gives records for DANE", [65]),
    ("nothing is verified without a certificate", [69]),
    ("nobody asks for timestamps of certificates", [71]),
    ("nobody asks for OCSP", [73, 74, 75, 96, 97, 98, 99, 100]),
    ("nobody sets X509_V_FLAG_X509_STRICT", Array(78...78) + Array(80...93)),
    ("nobody takes raw public keys", [95]),
  ]

  @Test(arguments: Int32(1)...150)
  func everyErrorIsKnown(_ code: Int32) {
    let text = String(cString: X509_verify_cert_error_string(Int(code)))
    let isImpossible = Self.impossible.contains { $0.1.contains(code) }
    let isKnown = VerificationError(rawValue: code) != nil
    if text.hasPrefix("unknown certificate verification error") {
      #expect(!isKnown, "OpenSSL has no such error")
    } else {
      #expect(isKnown != isImpossible, "\(code): \(text)")
    }
  }
}
