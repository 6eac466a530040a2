import CCrypto
import EntrypointCore

/// What a file may hold, and the PEM labels that OpenSSL takes for it.
enum PEMContent {
  /// The node's certificate.
  case certificate
  /// Those of the authorities. PostgreSQL tells clients of them, and reads their names with a function that
  /// takes no trusted certificates: SSL_load_client_CA_file(3).
  case authorities
  case key
  case revocationList

  func has(_ label: String) -> Bool {
    switch self {
    case .certificate:
      ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].contains(label)
    case .authorities: ["CERTIFICATE", "X509 CERTIFICATE"].contains(label)
    case .key: label.hasSuffix("PRIVATE KEY") && label != "OPENSSH PRIVATE KEY"
    case .revocationList: label == "X509 CRL"
    }
  }
}

extension FileFacts {
  /// Notes that the file was read, but holds nothing of the kind that was expected.
  mutating func requireContent(_ content: PEMContent, in bytes: [UInt8]) -> Bool {
    guard reading == .read else { return false }
    let labels = PEMLabels.all(in: bytes)
    if labels.contains(where: { content.has($0) }) {
      // To some readers it is the end of the line, to others a part of it.
      if bytes.contains(0) { reading = .binary }
      return reading == .read
    }
    reading = .lacking(labels: labels, format: labels.isEmpty ? ForeignFormat(bytes) : nil)
    return false
  }

  /// Notes that a block cannot be decoded, with what OpenSSL says.
  mutating func noteUndecodable(_ number: Int) {
    reading = .undecodable(number: number, reason: OpenSSLError.takeReason())
  }
}

/// The labels of PEM blocks: the words after BEGIN.
enum PEMLabels {
  private static let begin = Array("-----BEGIN ".utf8)
  private static let dashes = Array("-----".utf8)
  private static let end = Array("-----END ".utf8)
  private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// The labels of words in capitals; anything else may be a key whose line breaks were lost.
  static func all(in bytes: [UInt8]) -> [String] {
    var labels: [String] = []
    forEachLine(of: bytes) { line in
      guard let label = label(of: line) else { return }
      labels.append(String(decoding: label, as: UTF8.self))
    }
    return labels
  }

  /// The label of a line that begins a block: all between its dashes.
  private static func label(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard line.starts(with: begin) else { return nil }
    let label = line.dropFirst(begin.count).prefix { $0 != UInt8(ascii: "-") }
    let behind = line[label.endIndex...]
    guard label.count <= 40, label.allSatisfy({ isOfLabel($0) }),
      behind.starts(with: dashes), behind.dropFirst(dashes.count).allSatisfy({ $0 <= 0x20 })
    else { return nil }
    return label
  }

  /// Calls `body` with each line, without the byte order mark that OpenSSL skips: at the start of the file,
  /// and behind every block.
  private static func forEachLine(of bytes: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
    var isAtStart = true
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      body(isAtStart && line.starts(with: byteOrderMark) ? line.dropFirst(3) : line)
      isAtStart = line.starts(with: end)
    }
  }

  private static func isOfLabel(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: byte == UInt8(ascii: " ")
    }
  }

  /// Whether the first key asks for a passphrase: by its label, or by the header of the older
  /// format, `Proc-Type: 4,ENCRYPTED`.
  static func firstKeyIsEncrypted(in bytes: [UInt8]) -> Bool {
    var isKey: Bool?
    var isEncrypted = false
    forEachLine(of: bytes) { line in
      if isKey == true {
        isEncrypted = isEncrypted || line.starts(with: Array("Proc-Type: 4,ENCRYPTED".utf8))
        isKey = false
      }
      guard isKey == nil, let bytes = label(of: line) else { return }
      let label = String(decoding: bytes, as: UTF8.self)
      guard PEMContent.key.has(label) else { return }
      isKey = true
      isEncrypted = label == "ENCRYPTED PRIVATE KEY"
    }
    return isEncrypted
  }
}
