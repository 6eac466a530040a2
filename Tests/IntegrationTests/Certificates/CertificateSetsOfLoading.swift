import CCrypto
import TestSupport

// What is loaded without being needed; digests, curves and kinds of keys.
extension CertificateSet {
  static let loading: [CertificateSet] = [
    behind("other-root-with-sha1", isRefused: false) {
      try TestCertificate(.authority("old").with { $0.digest = .sha1 }, key: KeyRing.other)
    },
    behind("cross-signed-with-sha1") {
      let signer = try TestCertificate(.authority("older"), key: KeyRing.otherAuthority)
      let recipe = CertificateRecipe.authority("old").with { $0.digest = .sha1 }
      return try TestCertificate(recipe, key: KeyRing.other, issuer: signer)
    },
    behind("cross-signed-with-md5") {
      let signer = try TestCertificate(.authority("older"), key: KeyRing.rsa)
      let recipe = CertificateRecipe.authority("old").with { $0.digest = .md5 }
      return try TestCertificate(recipe, key: KeyRing.other, issuer: signer)
    },
    behind("rsa-1024") { try TestCertificate(.authority("old"), key: KeyRing.smallRSA) },
    behind("p-192") { try TestCertificate(.authority("old"), key: KeyRing.p192) },
    behind("dsa-2048", isRefused: false) {
      try TestCertificate(.authority("old"), key: KeyRing.dsa)
    },
    behind("malformed", isRefused: false) {
      try TestCertificate(.authority("old").with { $0.names = "DER:0500" }, key: KeyRing.other)
    },
    // An authority of the file that no chain needs may be what it likes.
    CertificateSet("good-unused-authorities-of-all-sorts") {
      $0.edit { folder, _ in
        let signer = try TestCertificate(.authority("older"), key: KeyRing.otherAuthority)
        let recipe = CertificateRecipe.authority("old")
        folder.authority?.text += try [
          TestCertificate(recipe.with { $0.digest = .sha1 }, key: KeyRing.other, issuer: signer),
          TestCertificate(recipe, key: KeyRing.smallRSA),
          TestCertificate(recipe, key: KeyRing.dsa),
          TestCertificate(recipe, key: KeyRing.x25519, issuer: signer),
          TestCertificate(recipe.with { $0.names = "DER:0500" }, key: KeyRing.other),
        ].map { $0.pem }.joined()
      }
    },
    CertificateSet(
      "behind-the-certificate-x25519",
      butDiffers: "the program knows no kind of key that signs nothing"
    ) {
      $0.edit { folder, made in
        let recipe = CertificateRecipe.authority("old")
        folder.certificate?.text +=
          try TestCertificate(recipe, key: KeyRing.x25519, issuer: made.authority).pem
      }
    },
    CertificateSet("rsa-too-small-where-nobody-verifies") {
      $0.leafKey = KeyRing.smallRSA
      $0.edit { folder, _ in folder.authority = nil }
    },
    CertificateSet("good-p-384") { $0.leafKey = KeyRing.p384 },
    CertificateSet("good-p-521") { $0.leafKey = KeyRing.p521 },
    // TLS 1.3 has signatures on these curves, and OpenSSL offers them from 3.2 on.
    CertificateSet("key-on-brainpool") { $0.leafKey = KeyRing.brainpool },
    CertificateSet("good-brainpool-authority") { $0.authorityKey = KeyRing.brainpool },
    CertificateSet("good-secp256k1-authority") { $0.authorityKey = KeyRing.secp256k1 },
    CertificateSet("good-p-224-authority") { $0.authorityKey = KeyRing.p224 },
    CertificateSet("authority-on-p-192") { $0.authorityKey = KeyRing.p192 },
    CertificateSet("good-authority-on-a-binary-curve") { $0.authorityKey = KeyRing.binary },
    CertificateSet("key-dsa") { $0.leafKey = KeyRing.dsa },
    CertificateSet("good-dsa-authority") { $0.authorityKey = KeyRing.dsa },
    CertificateSet("key-x25519") { $0.leafKey = KeyRing.x25519 },
    CertificateSet("key-rsa-pss-for-sha1") { $0.leafKey = KeyRing.rsaPSSWithSHA1 },
    CertificateSet("key-rsa-pss-for-sha512-256") { $0.leafKey = KeyRing.rsaPSSWithSHA512Half },
    CertificateSet("key-rsa-pss-with-long-salt") { $0.leafKey = KeyRing.rsaPSSWithLongSalt },
    CertificateSet("good-rsa-pss-for-sha384") { $0.leafKey = KeyRing.rsaPSSWithSHA384 },
    CertificateSet("good-signed-with-sha224") { $0.leaf.digest = .sha224 },
    CertificateSet("good-rsa-signed-with-sha3-384") {
      $0.authorityKey = KeyRing.rsa
      $0.leaf.digest = .sha3With384
    },
    CertificateSet("good-rsa-signed-with-sha3-224") {
      $0.authorityKey = KeyRing.rsa
      $0.leaf.digest = .sha3With224
    },
  ]

  /// A certificate behind the node's own, which no chain needs.
  private static func behind(
    _ what: String,
    isRefused: Bool = true,
    _ make: @escaping @Sendable () throws -> TestCertificate
  ) -> CertificateSet {
    CertificateSet((isRefused ? "" : "good-") + "behind-the-certificate-" + what) {
      $0.edit { folder, _ in folder.certificate?.text += try make().pem }
    }
  }
}
