import Foundation
import Testing

@testable import EntrypointCore

/// Files that are no PEM, by their first bytes.
@Suite struct ForeignFormatTests {
  private static let pem =
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIBATAKBggqhkjO\n"
    + "-----END CERTIFICATE-----\n"

  @Test(
    arguments: [
      (pem.replacing("\n", with: "\\n"), .escapedLineBreaks),
      ("{\"crt\": \"\(pem.replacing("\n", with: "\\n"))\"}", .escapedLineBreaks),
      (pem.replacing("\n", with: ""), .lostLineBreaks),
      (" " + pem, .indented), ("\t" + pem, .indented), ("'" + pem, .quoted), ("\"" + pem, .quoted),
      ("\n\u{feff}" + pem, .byteOrderMark), ("\u{feff}\u{feff}" + pem, .byteOrderMark),
      ("ssh-rsa AAAA me", .sshPublicKey), ("ecdsa-sha2-nistp256 AAAA me", .sshPublicKey),
      ("\n<html>", .html), ("<?xml version=\"1.0\"?>", .html),
      ("{\"keys\": [{\"kty\": \"RSA\"}]}", .jsonWebKey), ("[{}]", .json),
      ("{\"apiVersion\": \"v1\"}", .manifest), ("{}", .json),
      ("# made by hand\napiVersion: v1", .manifest), ("---\napiVersion: v1", .manifest),
      ("[req]", .configuration), ("# x\nbasicConstraints = CA:TRUE", .configuration),
      ("${TLS_CRT}", .placeholder), ("$(TLS_CRT)", .placeholder), ("<no value>", .placeholder),
      ("/tls/ca.crt", .path), ("/tls/ca.crt\n", .path),
      ("version https://git-lfs.github.com/spec/v1", .gitLFSPointer),
      ("$ANSIBLE_VAULT;1.1", .encrypted), ("tls: ENC[AES256_GCM,data:x]", .encrypted),
      (" \t\r\n", .blank), ("hello", nil), ("-----BEGIN", nil), ("/a\n/b\n", nil),
      (pem.replacing("CERTIFICATE", with: "DH PARAMETERS"), nil),
      // It could be a password.
      ("c2VjcmV0", nil), ("c2VjcmV0IHRleHQgb2Ygbm8gaW50ZXJlc3QgYXQgYWxs", nil),
    ] as [(String, ForeignFormat?)]
  )
  func isToldByText(_ text: String, _ format: ForeignFormat?) {
    #expect(ForeignFormat(Array(text.utf8)) == format)
  }

  @Test(arguments: 1...4)
  func countsHowOftenItWasEncoded(_ times: Int) {
    var data = Data(Self.pem.utf8)
    for _ in 0..<times { data = data.base64EncodedData(options: .lineLength64Characters) }
    #expect(ForeignFormat(Array(data)) == .base64(times: times))
  }

  @Test(
    arguments: [
      // A sequence of: version and certificate's body, algorithm, signature.
      ([0x30, 0x09, 0x30, 0x03, 0x02, 0x01, 0x02, 0x30, 0x00, 0x03, 0x00], .der(.signed)),
      (
        [0x30, 0x0c, 0x30, 0x05, 0x02, 0x01, 0x00, 0x30, 0x00, 0x30, 0x00, 0x03, 0x01, 0x00],
        .der(.request)
      ),
      ([0x30, 0x05, 0x02, 0x01, 0x00, 0x30, 0x00], .der(.privateKey)),
      ([0x30, 0x05, 0x02, 0x01, 0x00, 0x30, 0x00, 0x0a], .der(.privateKey)),
      ([0x30, 0x05, 0x02, 0x01, 0x01, 0x04, 0x00], .der(.privateKey)),
      ([0x30, 0x04, 0x30, 0x00, 0x04, 0x00], .der(.privateKey)),
      ([0x30, 0x04, 0x30, 0x00, 0x03, 0x00], .der(.publicKey)),
      ([0x30, 0x05, 0x06, 0x01, 0x2a, 0xa0, 0x00], .der(.pkcs7)),
      ([0x30, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00], .der(.pkcs12)),
      ([0x30, 0x81, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00], .der(.pkcs12)),
      ([0x30, 0x00], nil), ([0x30], nil), ([0x30, 0x84, 0xff, 0xff, 0xff, 0xff], nil),
      ([0x30, 0x82, 0x01], nil), ([0x30, 0x02, 0x05, 0x00], nil),
      ([0x1f, 0x8b, 0x08], .gzip), ([0x50, 0x4b, 0x03, 0x04], .zip),
      ([0xfe, 0xed, 0xfe, 0xed], .javaKeyStore), ([0xff, 0xfe, 0x2d, 0x00], .utf16),
      ([0xfe, 0xff, 0x00, 0x2d], .utf16), ([], .blank),
    ] as [([UInt8], ForeignFormat?)]
  )
  func isToldByBytes(_ bytes: [UInt8], _ format: ForeignFormat?) {
    #expect(ForeignFormat(bytes) == format)
  }
}
