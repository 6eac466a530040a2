import Foundation

/// A `patroni.yml` as PyYAML, which Patroni uses, loads it.
public struct LoadedFile: Sendable {
  /// The document as canonical JSON.
  public let json: String
  /// `postgresql.pg_hba`.
  public let hba: [String]
  /// `postgresql.pg_ident`.
  public let ident: [String]
  /// `postgresql.parameters`.
  public let parameters: [String: String]

  /// Loads `texts`, each a whole file, in one go.
  public static func load(_ texts: [String]) throws -> [LoadedFile] {
    let directory = try TemporaryDirectory()
    let paths = try texts.enumerated().map { try directory.write("\($0.offset).yml", $0.element) }
    let lines = try Command.output(
      [
        Repository.virtualEnvironment + "/bin/python",
        Repository.root + "/Tests/IntegrationTests/Python/load.py",
      ] + paths
    )
    return try lines.split(separator: "\n").map { try LoadedFile(json: String($0)) }
  }

  private init(json: String) throws {
    self.json = try Self.canonical(json)
    let root = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let postgresql = root?["postgresql"] as? [String: Any]
    hba = postgresql?["pg_hba"] as? [String] ?? []
    ident = postgresql?["pg_ident"] as? [String] ?? []
    parameters = postgresql?["parameters"] as? [String: String] ?? [:]
  }

  /// The same document with its keys sorted.
  public static func canonical(_ json: String) throws -> String {
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8))
    return try canonical(object)
  }

  /// A document of dictionaries, arrays and scalars with its keys sorted.
  public static func canonical(_ object: Any) throws -> String {
    let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
    return String(decoding: data, as: UTF8.self)
  }
}
