import CCrypto
import EntrypointCore

/// What a file may hold, and the PEM labels that OpenSSL takes for it.
enum PEMContent {
  case certificate
  case key
  case revocationList

  func has(_ label: String) -> Bool {
    switch self {
    case .certificate:
      ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].contains(label)
    case .key: label.hasSuffix("PRIVATE KEY")
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
    // A DER sequence: its length in one byte, or in one to three that follow.
    let isDER =
      bytes.count > 2 && bytes[0] == 0x30
      && ((0x81...0x83).contains(bytes[1]) || bytes.count == Int(bytes[1]) + 2)
    reading = .lacking(labels: labels, isDER: isDER)
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

  /// The labels of words in capitals; anything else may be a key whose line breaks were lost.
  static func all(in bytes: [UInt8]) -> [String] {
    var labels: [String] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: begin) {
      let label = line.dropFirst(begin.count).prefix { $0 != UInt8(ascii: "-") }
      guard label.count <= 40, label.allSatisfy({ isOfLabel($0) }) else { continue }
      labels.append(String(decoding: label, as: UTF8.self))
    }
    return labels
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
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.starts(with: begin) {
      let label = String(
        decoding: line.dropFirst(begin.count).prefix { $0 != UInt8(ascii: "-") },
        as: UTF8.self
      )
      guard PEMContent.key.has(label) else { continue }
      let next = index + 1 < lines.count ? Array(lines[index + 1]) : []
      return label == "ENCRYPTED PRIVATE KEY"
        || next.starts(with: Array("Proc-Type: 4,ENCRYPTED".utf8))
    }
    return false
  }
}

/// A file that OpenSSL's certificate store loads: it takes certificates and lists alike from any.
///
/// See X509_load_cert_crl_file(3), which PostgreSQL and libpq use for `ssl_ca_file`, `ssl_crl_file`
/// and their twins.
struct TrustedFile {
  private(set) var certificates: [OpaquePointer] = []
  private(set) var revocationLists: [OpaquePointer] = []
  private var blocks: OpaquePointer?

  /// Loads `file`, and notes in `facts` what is wrong with it.
  init(
    _ file: CertificateReader.LoadedFile,
    _ facts: inout FileFacts,
    expecting content: PEMContent
  ) {
    guard facts.requireContent(content, in: file.bytes) else { return }
    blocks = withBIO(file.bytes) { PEM_X509_INFO_read_bio($0, nil, refusePassphrase, nil) }
    guard let blocks else {
      facts.noteUndecodable(Self.firstUndecodable(in: file.bytes))
      return
    }
    ERR_clear_error()
    for index in 0..<ccrypto_sk_x509_info_num(blocks) {
      guard let block = ccrypto_sk_x509_info_value(blocks, index)?.pointee else { continue }
      if let certificate = block.x509 { certificates.append(certificate) }
      if let list = block.crl { revocationLists.append(list) }
    }
    // A line can look like the beginning of a block, and be none for OpenSSL.
    if content == .certificate ? certificates.isEmpty : revocationLists.isEmpty {
      facts.reading = .lacking(labels: [], isDER: false)
    }
  }

  func free() {
    ccrypto_sk_x509_info_pop_free(blocks)
  }

  /// Counts the certificates before the one that cannot be read.
  private static func firstUndecodable(in bytes: [UInt8]) -> Int {
    var number = 1
    withBIO(bytes) { bio in
      while let certificate = PEM_read_bio_X509_AUX(bio, nil, refusePassphrase, nil) {
        X509_free(certificate)
        number += 1
      }
    }
    return number
  }
}
