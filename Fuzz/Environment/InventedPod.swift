import Foundation

@testable import EntrypointCore

/// The pod that an input describes.
///
/// The input is entries of the environment with null bytes between them. What an entry is that begins with
/// a byte below 9 is said by `Kind`.
struct InventedPod {
  let environment: Environment
  let podFiles: PodFiles
  /// Whether every secret begins with the mark, and nothing else holds it.
  let isMarked: Bool
  private let mark: String
  private let content: [UInt8]

  /// When the pod starts, in seconds since 1970.
  static let now = 1_700_000_000

  private enum Kind: UInt8 {
    /// The content of every file that a variable names.
    case file = 1
    case hostName = 2
    /// Marks the secrets, so that they are found wherever they turn up.
    case mark = 3
    /// The CN of the certificate that is mounted, and a name of its subjectAltName.
    case commonName = 4
    /// A record for `pg_hba.conf` in the operator's own settings, as are the next three.
    case record = 5
    case connectionInfo = 6
    /// YAML for the password of the configuration store.
    case storePassword = 7
    /// A line for `pg_ident.conf`.
    case mapping = 8
  }

  init(_ input: [UInt8], mark: String) {
    let parts = input.split(separator: 0).map { Array($0) }
    let holdsMark = String(decoding: input, as: UTF8.self).contains(mark)
    self.mark = mark
    isMarked = !holdsMark && parts.contains { $0.first == Kind.mark.rawValue }
    var given: [Kind: [UInt8]] = [:]
    var entries: [[UInt8]] = []
    for part in parts {
      if let kind = part.first.flatMap({ Kind(rawValue: $0) }) {
        given[kind] = Array(part.dropFirst())
      } else {
        entries.append(isMarked ? Self.marked(part, mark) : part)
      }
    }
    if let settings = Self.settings(given, isMarked ? mark : "") { entries.append(settings) }
    environment = Environment(entries: entries)
    var content = given[.file] ?? []
    var files: [String: PodFiles.FileReading] = [:]
    if let path = PodFiles.configurationPath(for: environment) {
      files[path] = .content(content)
    }
    if isMarked { content = Array(mark.utf8) + content }
    for path in PodFiles.filesToOutline(for: environment) {
      var outline = PEMOutline()
      outline.add(content)
      outline.finish()
      files[path] = .pem(outline)
    }
    for path in PodFiles.filesToRead(for: environment) {
      // The namespace is no secret.
      let isOurs = path == PodFiles.namespaceFile
      files[path] = isOurs ? .absent("none") : .content(content)
    }
    self.content = content
    podFiles = PodFiles(
      hostName: given[.hostName].map { String(decoding: $0, as: UTF8.self) } ?? "pod-0",
      contents: files,
      existing: [],
      certificates: given[.commonName].map { Self.certificates(named: $0) }
    )
  }

  /// Whether a text holds one of the marked secrets.
  func isSecret(_ text: String) -> Bool { isMarked && holds(text, mark) }

  /// The secret that a variable or its file gives.
  func secret(_ name: String) -> String? {
    if let text = environment.text(name) { return text }
    guard environment.has(name + "_FILE") else { return nil }
    var line = content[...]
    if line.last == 0x0a { line = line.dropLast() }
    if line.last == 0x0d { line = line.dropLast() }
    return String(decoding: line, as: UTF8.self)
  }

  private static let secretNames = EnvironmentVariable.secrets.map { $0.name } + ["PGPASSWORD"]

  private static func marked(_ entry: [UInt8], _ mark: String) -> [UInt8] {
    guard let equals = entry.firstIndex(of: UInt8(ascii: "=")),
      secretNames.contains(String(decoding: entry[..<equals], as: UTF8.self)),
      equals + 1 < entry.count
    else { return entry }
    return entry[...equals] + Array(mark.utf8) + entry[(equals + 1)...]
  }

  /// The operator's own settings, with the mark before every password.
  private static func settings(_ given: [Kind: [UInt8]], _ mark: String) -> [UInt8]? {
    func text(_ kind: Kind, _ words: String...) -> String? {
      guard var text = given[kind].map({ String(decoding: $0, as: UTF8.self) }) else { return nil }
      for word in words { text = text.replacingOccurrences(of: word, with: word + mark) }
      return text
    }
    func quoted(_ text: String) -> String {
      let escapes = text.unicodeScalars.map { scalar in
        let digits = String(scalar.value, radix: 16)
        return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }
      return "\"" + escapes.joined() + "\""
    }
    var yaml = ""
    if let record = text(.record, "ldapbindpasswd=", "radiussecrets=") {
      yaml += "  pg_hba: [\(quoted(record))]\n"
    }
    if let mapping = text(.mapping) { yaml += "  pg_ident: [\(quoted(mapping))]\n" }
    if let info = text(.connectionInfo, "password=") {
      yaml += "  parameters: {citus.node_conninfo: \(quoted(info))}\n"
    }
    if !yaml.isEmpty { yaml = "postgresql:\n" + yaml }
    if let password = text(.storePassword) { yaml += "etcd3:\n  password: \(mark)\(password)\n" }
    return yaml.isEmpty ? nil : Array("PATRONI_CONFIGURATION=\(yaml)".utf8)
  }

  private static func certificates(named name: [UInt8]) -> CertificateFacts {
    let file = FileFacts(path: "/f", reading: .read, permissions: nil)
    let text = String(quoting: name)
    return CertificateFacts(
      files: CertificateFiles(authority: file, certificate: file, key: file, revocationList: nil),
      user: 0,
      chain: [
        Certificate(
          subject: text,
          issuer: text,
          commonName: name,
          alternativeNames: [.dns(name)],
          serial: "01",
          notBefore: now - 1,
          notAfter: now + 1,
          usage: Certificate.Usage(signs: true, serves: true, connects: true),
          keyAlgorithm: "EC 256",
          signatureAlgorithm: "ecdsa-with-SHA256",
          signatureDigest: .named,
          isAuthority: false
        )
      ],
      key: .open(algorithm: "EC 256", fits: [0])
    )
  }
}
