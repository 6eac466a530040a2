import Foundation
import TestSupport

// What people mount in the place of PEM, and PEM that went through a template, an editor or a shell.
extension CertificateSet {
  static let formats: [CertificateSet] =
    everyFile("base64") { Data($0.utf8).base64EncodedString() }
    + everyFile("line-breaks-escaped") { $0.replacing("\n", with: "\\n") }
    + everyFile("line-breaks-lost") { $0.replacing("\n", with: " ") }
    + everyFile("good-with-byte-order-mark") { byteOrderMark + $0 }
    + [
      certificate("base64-twice") { text in
        let once = Data(text.utf8).base64EncodedString()
        return Array(Data(once.utf8).base64EncodedString().utf8)
      },
      certificate("base64-of-der") { text in
        let body = text.split(separator: "\n").dropFirst().dropLast().joined()
        return Array(body.utf8)
      },
      certificate("indented") { Array(("  " + $0.replacing("\n", with: "\n  ")).utf8) },
      certificate("quoted") { Array("\"\($0)\"".utf8) },
      certificate("line-ends-of-an-old-macintosh") { Array($0.replacing("\n", with: "\r").utf8) },
      certificate("in-utf-16") { $0.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } },
      certificate("byte-order-mark-behind-a-blank-line") {
        Array(("\n" + byteOrderMark + $0).utf8)
      },
      certificate("two-byte-order-marks") { Array((byteOrderMark + byteOrderMark + $0).utf8) },
      certificate("compressed") { try converted("gzip -n", $0) },
      certificate("pkcs7") { try converted("openssl crl2pkcs7 -nocrl -certfile /dev/stdin", $0) },
      certificate("pkcs7-in-der") {
        try converted("openssl crl2pkcs7 -nocrl -certfile /dev/stdin -outform DER", $0)
      },
      certificate("html") { _ in Array("<!DOCTYPE html>\n<title>404</title>\n".utf8) },
      certificate("manifest") { _ in Array("apiVersion: v1\nkind: Secret\n".utf8) },
      certificate("json") { _ in Array("{\"data\": {}}\n".utf8) },
      certificate("placeholder") { _ in Array("{{ .Values.tls.crt }}\n".utf8) },
      certificate("path") { _ in Array("/etc/ssl/certs/node.pem\n".utf8) },
      certificate("blank") { _ in Array(" \n\n".utf8) },
      certificate("git-lfs-pointer") { _ in
        Array("version https://git-lfs.github.com/spec/v1\n".utf8)
      },
      certificate("configuration") { _ in
        Array("[ req ]\ndistinguished_name = dn\n".utf8)
      },
      certificate("zip-archive") { _ in [0x50, 0x4b, 0x03, 0x04, 0x14, 0x00] },
      certificate("nothing-known") { _ in Array("hello\n".utf8) },
      CertificateSet("certificate-request") {
        $0.edit { folder, _ in
          folder.certificate?.bytes = try converted(request, KeyRing.leaf.pkcs8)
        }
      },
      CertificateSet("certificate-request-in-der") {
        $0.edit { folder, _ in
          folder.certificate?.bytes = try converted(request + " -outform DER", KeyRing.leaf.pkcs8)
        }
      },
      CertificateSet("certificate-in-pkcs12") {
        $0.edit { folder, made in
          folder.certificate?.bytes = try pkcs12(KeyRing.leaf.pkcs8, made)
        }
      },
      CertificateSet("authority-in-pkcs12") {
        $0.edit { folder, made in
          folder.authority?.bytes = try pkcs12(KeyRing.leaf.pkcs8, made)
        }
      },
      CertificateSet("key-in-pkcs12") {
        $0.edit { folder, made in
          folder.key?.bytes = try pkcs12(KeyRing.leaf.pkcs8, made)
        }
      },
      key("in-format-of-ssh") { _ in
        let body = Data("openssh-key-v1\0".utf8).base64EncodedString()
        return Array(
          "-----BEGIN OPENSSH PRIVATE KEY-----\n\(body)\n-----END OPENSSH PRIVATE KEY-----\n".utf8
        )
      },
      key("public") { try converted("openssl pkey -pubout", $0) },
      key("public-in-der") { try converted("openssl pkey -pubout -outform DER", $0) },
      key("public-of-ssh") { _ in Array("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 node\n".utf8) },
      key("encrypted-in-der") {
        try converted("openssl pkcs8 -topk8 -outform DER -passout pass:x", $0)
      },
      key("for-the-web") { _ in Array("{\"kty\": \"EC\", \"crv\": \"P-256\"}\n".utf8) },
      key("encrypted-by-ansible") { _ in Array("$ANSIBLE_VAULT;1.1;AES256\n3032\n".utf8) },
      CertificateSet("key-is-a-certificate-in-der") {
        $0.edit { folder, made in folder.key?.bytes = made.leaf.der }
      },
      CertificateSet("certificate-is-a-key-in-der") {
        $0.edit { folder, made in folder.certificate?.bytes = made.leaf.key.der }
      },
      CertificateSet("certificate-in-java-key-store") {
        $0.edit { folder, _ in folder.certificate?.bytes = [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2] }
      },
      CertificateSet("authority-trusted-only") {
        $0.edit { folder, made in
          folder.authority?.bytes = try converted("openssl x509 -trustout", made.authority.pem)
        }
      },
      CertificateSet("good-authority-trusted-behind-another") {
        $0.edit { folder, made in
          let other = try TestCertificate(.authority("other"), key: KeyRing.otherAuthority)
          let trusted = try converted("openssl x509 -trustout", made.authority.pem)
          folder.authority?.bytes = Array(other.pem.utf8) + trusted
        }
      },
      CertificateSet("good-byte-order-marks-between-blocks") {
        $0.intermediate = .authority("intermediate")
        $0.edit { folder, made in
          let other = try TestCertificate(.authority("other"), key: KeyRing.otherAuthority)
          folder.authority?.text = other.pem + byteOrderMark + made.authority.pem
          folder.certificate?.text =
            made.leaf.pem + byteOrderMark + (made.intermediate?.pem ?? "")
          folder.revocationList = .init(
            text: try byteOrderMark + made.authority.revocationList() + byteOrderMark
              + (made.intermediate?.revocationList() ?? "")
          )
        }
      },
      CertificateSet("certificate-is-a-directory") {
        $0.edit { folder, _ in folder.certificate?.isDirectory = true }
      },
      CertificateSet("authority-is-a-directory") {
        $0.edit { folder, _ in folder.authority?.isDirectory = true }
      },
      CertificateSet("key-is-a-directory") {
        $0.edit { folder, _ in folder.key?.isDirectory = true }
      },
    ]

  private static let byteOrderMark = "\u{feff}"
  private static let request = "openssl req -new -key /dev/stdin -subj /CN=node"

  private static func everyFile(
    _ name: String,
    _ change: @escaping @Sendable (String) -> String
  ) -> [CertificateSet] {
    let files: [(String, WritableKeyPath<CertificateFolder, CertificateFolder.File?> & Sendable)] =
      [
        ("authority", \.authority), ("certificate", \.certificate), ("key", \.key),
      ]
    return files.map { file, path in
      CertificateSet(name.hasPrefix("good") ? "\(name)-\(file)" : "\(file)-\(name)") {
        $0.edit { folder, _ in
          let text = folder[keyPath: path]?.text ?? ""
          folder[keyPath: path]?.text = change(text)
        }
      }
    }
  }

  private static func certificate(
    _ name: String,
    _ change: @escaping @Sendable (String) throws -> [UInt8]
  ) -> CertificateSet {
    CertificateSet("certificate-" + name) {
      $0.edit { folder, made in folder.certificate?.bytes = try change(made.leaf.pem) }
    }
  }

  private static func key(
    _ name: String,
    _ change: @escaping @Sendable (String) throws -> [UInt8]
  ) -> CertificateSet {
    CertificateSet("key-" + name) {
      $0.edit { folder, _ in
        let text = folder.key?.text ?? ""
        folder.key?.bytes = try change(text)
      }
    }
  }

  private static func pkcs12(_ key: String, _ made: CertificateDraft.Made) throws -> [UInt8] {
    try converted("openssl pkcs12 -export -passout pass:x", key + made.leaf.pem)
  }

  /// What a command makes of a text.
  private static func converted(_ command: String, _ text: String) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    let encoded = try Command.output(
      ["bash", "-e", "-o", "pipefail", "-c", "{ \(command); } | base64"],
      input: text,
      directory: directory.path
    )
    return Array(Data(base64Encoded: encoded, options: .ignoreUnknownCharacters) ?? Data())
  }
}
