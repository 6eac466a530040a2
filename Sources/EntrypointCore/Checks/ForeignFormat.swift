/// What a file is that should be PEM and is not.
///
/// It is told by its first bytes, or by what a template, an editor or a shell makes of PEM.
public enum ForeignFormat: Equatable, Sendable {
  /// DER, the binary form of what PEM is the text of.
  case der(Structure)
  /// Base64 of something else, so many times: of PEM, or of something binary.
  case base64(times: Int)
  /// PEM whose line breaks are the two characters `\n`.
  case escapedLineBreaks
  /// PEM whose line breaks were lost, or became blanks.
  case lostLineBreaks
  /// PEM with blanks before its lines.
  case indented
  /// PEM with a quote before it.
  case quoted
  /// PEM with a byte order mark where OpenSSL does not skip it.
  case byteOrderMark
  /// Text in UTF-16.
  case utf16
  /// A public key as ssh-keygen(1) writes it.
  case sshPublicKey
  /// A Java key store.
  case javaKeyStore
  /// A file that gzip(1) compressed.
  case gzip
  /// A ZIP archive.
  case zip
  /// A page for a browser.
  case html
  /// A key, or a set of them, for the web: JWK.
  case jsonWebKey
  /// Another JSON document.
  case json
  /// A Kubernetes manifest.
  case manifest
  /// A configuration of OpenSSL's.
  case configuration
  /// A template's placeholder that nothing was put in place of.
  case placeholder
  /// The path of a file.
  case path
  /// A pointer of Git LFS's to the file.
  case gitLFSPointer
  /// A file that ansible-vault(1) or sops encrypted.
  case encrypted
  /// Blanks and line breaks.
  case blank

  /// What stands in DER.
  public enum Structure: Equatable, Sendable {
    /// A certificate or a revocation list, which have one shape.
    case signed
    /// A request for a certificate.
    case request
    /// A private key.
    case privateKey
    /// A public key.
    case publicKey
    /// PKCS#7.
    case pkcs7
    /// PKCS#12, also called PFX.
    case pkcs12
  }

  /// What `bytes` are, which hold no PEM block of the kind that was expected.
  public init?(_ bytes: [UInt8]) {
    if let format = Self.binary(bytes) ?? Self.damagedPEM(bytes) ?? Self.text(bytes) {
      self = format
    } else if let times = Self.base64(bytes) {
      self = .base64(times: times)
    } else {
      return nil
    }
  }

  private static func binary(_ bytes: [UInt8]) -> ForeignFormat? {
    if let structure = DERShape(bytes)?.structure { return .der(structure) }
    let magic: [([UInt8], ForeignFormat)] = [
      ([0x1f, 0x8b], .gzip), ([0x50, 0x4b, 0x03, 0x04], .zip),
      ([0xfe, 0xed, 0xfe, 0xed], .javaKeyStore), ([0xff, 0xfe], .utf16), ([0xfe, 0xff], .utf16),
      ([0x2d, 0x00, 0x2d, 0x00], .utf16), ([0x00, 0x2d, 0x00, 0x2d], .utf16),
    ]
    return magic.first { bytes.starts(with: $0.0) }?.1
  }

  private static func damagedPEM(_ bytes: [UInt8]) -> ForeignFormat? {
    guard let begin = bytes.first(Array("-----BEGIN ".utf8)) else { return nil }
    if bytes.first(Array("-----\\n".utf8)) != nil { return .escapedLineBreaks }
    let line = bytes[begin...].prefix { $0 != 0x0a }
    // A label has no more than 40 letters, and nothing but dashes behind it.
    if line.count > 80 { return .lostLineBreaks }
    let before = bytes[..<begin].reversed().prefix { $0 != 0x0a }
    if Array(before.reversed().suffix(3)) == Self.mark { return .byteOrderMark }
    if before.count == 1, before.first == UInt8(ascii: "\"") || before.first == UInt8(ascii: "'") {
      return .quoted
    }
    return !before.isEmpty && before.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? .indented : nil
  }

  private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

  private static func text(_ bytes: [UInt8]) -> ForeignFormat? {
    let start = bytes.drop { isBlank($0) }
    guard !start.isEmpty else { return .blank }
    func begins(_ text: StaticString) -> Bool { start.starts(with: utf8(text)) }
    func has(_ text: StaticString) -> Bool { bytes.first(utf8(text)) != nil }
    if begins("ssh-") || begins("ecdsa-sha2-") { return .sshPublicKey }
    if begins("$ANSIBLE_VAULT") || has("ENC[AES256_GCM") { return .encrypted }
    if begins("version https://git-lfs") { return .gitLFSPointer }
    if begins("{{") || begins("${") || begins("$(") || begins("<no value>") || begins("<nil>") {
      return .placeholder
    }
    if begins("<") { return .html }
    if begins("{") || begins("[{") {
      return has("\"kty\"") ? .jsonWebKey : has("\"apiVersion\"") ? .manifest : .json
    }
    if begins("apiVersion:") || has("\napiVersion:") { return .manifest }
    if begins("[") || has("distinguished_name") || has("basicConstraints") { return .configuration }
    let isOneLine = !start.contains(0x0a) || start.last == 0x0a && start.count { $0 == 0x0a } == 1
    if begins("/"), isOneLine, start.count < 200, start.last != UInt8(ascii: "=") { return .path }
    return nil
  }

  private static func utf8(_ text: StaticString) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }

  /// How often something was encoded that is PEM or binary.
  private static func base64(_ bytes: [UInt8]) -> Int? {
    var times = 0
    var bytes = bytes
    while times < 4, let decoded = decode(bytes) {
      times += 1
      bytes = decoded
      if bytes.first(Array("-----BEGIN ".utf8)) != nil || binary(bytes) != nil { return times }
    }
    return nil
  }

  /// What base64 stands for; nil when something else is in the text.
  private static func decode(_ text: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var value: UInt32 = 0
    var count = 0
    for byte in text where !isBlank(byte) && byte != UInt8(ascii: "=") {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): digit = 62
      case UInt8(ascii: "/"): digit = 63
      default: return nil
      }
      value = value << 6 | UInt32(digit)
      count += 1
      if count % 4 != 1 {
        result.append(UInt8(truncatingIfNeeded: value >> (6 - 2 * UInt32((count - 1) % 4))))
      }
    }
    return result.count < 16 ? nil : result
  }
}

extension [UInt8] {
  /// Where `part` begins for the first time.
  fileprivate func first(_ part: some Collection<UInt8>) -> Int? {
    guard part.count <= count, let head = part.first else { return nil }
    return (0...(count - part.count)).first { self[$0] == head && self[$0...].starts(with: part) }
  }
}
