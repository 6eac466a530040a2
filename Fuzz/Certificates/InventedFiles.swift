import Foundation

@testable import EntrypointCore

/// The certificate files that an input describes: authorities, certificate, key, and maybe a revocation list,
/// with a line `%%` between them.
///
/// A file is what PEM text it is. Behind a line with a percent sign and a letter, up to the next such line,
/// come bytes in DER, which become a PEM block with the label of that letter.
struct InventedFiles {
  private static let labels: [UInt8: String] = [
    UInt8(ascii: "C"): "CERTIFICATE", UInt8(ascii: "T"): "TRUSTED CERTIFICATE",
    UInt8(ascii: "L"): "X509 CRL", UInt8(ascii: "K"): "PRIVATE KEY",
    UInt8(ascii: "R"): "RSA PRIVATE KEY", UInt8(ascii: "E"): "EC PRIVATE KEY",
    UInt8(ascii: "D"): "DSA PRIVATE KEY", UInt8(ascii: "X"): "ENCRYPTED PRIVATE KEY",
    UInt8(ascii: "P"): "EC PARAMETERS",
  ]

  /// The content of each file, in the order of the input.
  let contents: [[UInt8]]

  init(_ input: [UInt8]) {
    let percent = UInt8(ascii: "%")
    let parts = Self.split(input) { $0 == percent }.map { $0.bytes }
    contents = parts.prefix(4).map { part in
      Self.split(part) { Self.labels[$0] != nil }.flatMap { block in
        block.letter.flatMap { Self.labels[$0] }.map { Self.pem(block.bytes, $0) } ?? block.bytes
      }
    }
  }

  /// A text that is in the key's file and must be nowhere else.
  var secrets: [String] {
    guard contents.count > 2 else { return [] }
    let others = Data((contents[0] + contents[1] + (contents.count > 3 ? contents[3] : [])))
    return contents[2].split(separator: 0x0a).compactMap { line in
      // A line of base64 that is no label and no piece of a certificate.
      guard line.count >= 24, line.allSatisfy({ Self.isBase64($0) }),
        others.range(of: Data(line)) == nil
      else { return nil }
      return String(decoding: line, as: UTF8.self)
    }
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2b, 0x2f, 0x3d: true
    default: false
    }
  }

  private static func split(
    _ bytes: [UInt8],
    _ isMark: (UInt8) -> Bool
  ) -> [(letter: UInt8?, bytes: [UInt8])] {
    var blocks: [(letter: UInt8?, bytes: [UInt8])] = [(nil, [])]
    var index = 0
    while index < bytes.count {
      let rest = bytes[index...].prefix(4)
      if rest.count == 4, rest[index] == 0x0a, rest[index + 1] == UInt8(ascii: "%"),
        isMark(rest[index + 2]), rest[index + 3] == 0x0a
      {
        blocks.append((rest[index + 2], []))
        index += 4
      } else {
        blocks[blocks.count - 1].bytes.append(bytes[index])
        index += 1
      }
    }
    return blocks
  }

  private static func pem(_ bytes: [UInt8], _ label: String) -> [UInt8] {
    let options: Data.Base64EncodingOptions = [.lineLength64Characters, .endLineWithLineFeed]
    let text = Data(bytes).base64EncodedString(options: options)
    return Array("\n-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8)
  }
}
