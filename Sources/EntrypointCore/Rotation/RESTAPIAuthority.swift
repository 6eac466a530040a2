import PatroniConfig

/// The line of patroni.yml that says whose certificates Patroni's REST API takes from clients.
///
/// On SIGHUP Patroni reads that file again only when its own certificate has another serial number,
/// or when the setting itself is another one. So there are two spellings of the same path, and new
/// authorities change one for the other.
public struct RESTAPIAuthority: Sendable {
  private let spellings: (String, String)

  /// The line for the authorities that `directory` holds copies of.
  public init(in directory: TLSDirectory) {
    let (place, name) = (directory.current, TLSDirectory.authorityName)
    spellings = ("\(place)/\(name)", "\(place)/./\(name)")
  }

  /// Whether a text of patroni.yml has the second spelling.
  public func isRespelled(_ text: [UInt8]) -> Bool {
    guard let second = line(spellings.1) else { return false }
    return text.split(separator: UInt8(ascii: "\n")).contains { line in
      line.drop { $0 == UInt8(ascii: " ") }.elementsEqual(second)
    }
  }

  /// The text of patroni.yml with the other spelling; nil when there is no such line.
  public func respelled(_ text: [UInt8]) -> [UInt8]? {
    guard let first = line(spellings.0), let second = line(spellings.1) else { return nil }
    let feed = UInt8(ascii: "\n")
    var lines = text.split(separator: feed, omittingEmptySubsequences: false)
    for index in lines.indices {
      let indentation = lines[index].prefix { $0 == UInt8(ascii: " ") }
      let rest = lines[index].dropFirst(indentation.count)
      let isFirst = rest.elementsEqual(first)
      guard isFirst || rest.elementsEqual(second) else { continue }
      lines[index] = indentation + (isFirst ? second : first)
      return Array(lines.joined(separator: [feed]))
    }
    return nil
  }

  private func line(_ path: String) -> [UInt8]? {
    var restapi = YAMLMapping()
    restapi.append("cafile", .string(path))
    return (try? YAMLEmitter.text(of: .mapping(restapi), secrets: .redacted))?.dropLast()
  }
}

extension Settings {
  /// What the REST API's line says with copies in `directory`; nil when it speaks no TLS.
  public func restapiAuthority(in directory: TLSDirectory) -> RESTAPIAuthority? {
    restapi.usesTLS ? RESTAPIAuthority(in: directory) : nil
  }
}
