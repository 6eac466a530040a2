/// Which PEM blocks a file holds.
///
/// Nothing of what is in them is kept.
public struct PEMOutline: Hashable, Sendable {
  /// What the blocks are, such as CERTIFICATE, in their order.
  public private(set) var labels: [String] = []
  /// Whether a header says that a key is encrypted, as OpenSSL's old format has it.
  public private(set) var hasEncryptionHeader = false

  private var line: [UInt8] = []
  private var isSkipping = false

  /// The outline of `chunks`, which are one file.
  public init() {}

  /// Takes the next part of the file.
  public mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if byte == 0x0a {
        finish()
      } else if !isSkipping {
        if line.isEmpty, Self.byteOrderMark.contains(byte) { continue }
        line.append(byte)
        if !Self.mayMatter(line) { skip() }
      }
    }
  }

  /// Ends the last line.
  public mutating func finish() {
    if line.starts(with: Self.header) {
      hasEncryptionHeader = true
    } else if line.starts(with: Self.beginning) {
      let rest = line.dropFirst(Self.beginning.count)
      let label = rest.prefix { $0 != UInt8(ascii: "-") }
      if rest.dropFirst(label.count).starts(with: Self.beginning.prefix(5)) {
        labels.append(String(decoding: label, as: UTF8.self))
      }
    }
    line = []
    isSkipping = false
  }

  private mutating func skip() {
    line = []
    isSkipping = true
  }

  private static let beginning = Array("-----BEGIN ".utf8)
  private static let header = Array("Proc-Type: 4,ENCRYPTED".utf8)
  private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
  private static let longestLine = 80

  private static func mayMatter(_ line: [UInt8]) -> Bool {
    guard line.count <= longestLine else { return false }
    return [beginning, header].contains { sign in
      line.prefix(sign.count).elementsEqual(sign.prefix(line.count))
    }
  }

  var holdsCertificate: Bool {
    labels.contains { ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].contains($0) }
  }

  var holdsKey: Bool { labels.contains { Self.isKey($0) } }

  var holdsEncryptedKey: Bool {
    hasEncryptionHeader || labels.first { Self.isKey($0) } == "ENCRYPTED PRIVATE KEY"
  }

  private static func isKey(_ label: String) -> Bool {
    label.hasSuffix("PRIVATE KEY") && !label.hasPrefix("OPENSSH")
  }

  /// What is there, in a sentence.
  var sentence: String {
    labels.isEmpty
      ? "It contains no PEM block, and Patroni reads nothing else."
      : "It contains: \(labels.map { shown(key: $0) }.joined(separator: ", "))."
  }
}
