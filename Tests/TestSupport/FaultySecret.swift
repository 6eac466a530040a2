import Foundation

/// A Secret with a fault, made from one of `scripts/generate-ssl-certs.sh` that has none.
public struct FaultySecret: Sendable {
  /// What is wrong.
  public let name: String
  /// Where its files are.
  public let directory: String
  /// The files that there are.
  public let names: [String]
  /// What the program says about it.
  public let message: String

  private static let script = Repository.root + "/Tests/TestSupport/faulty-secrets.sh"

  /// All of them, below `directory`; the script's files are in `original`.
  public static func all(from original: String, in directory: String) throws -> [FaultySecret] {
    try Command.output([script, original, directory])
    func secret(_ name: String, _ message: String, _ names: String...) -> FaultySecret {
      FaultySecret(
        name: name,
        directory: directory + "/" + name,
        names: names.isEmpty ? ["ca.crt", "server.crt", "server.key"] : names,
        message: message
      )
    }
    return [
      secret("mismatched", "does not belong to certificate"),
      secret("half-written", "server.crt\""),
      secret("expired", "expired on 2021-01-01"),
      secret("wrong-authority", "did not sign certificate"),
      secret("wrong-usage", "cannot be used by a client"),
      secret("wrong-name", "\"other\""),
      secret("passphrase", "is encrypted"),
      secret("empty", "server.key\" is empty"),
      secret("deleted", "server.key\" does not exist", "ca.crt", "server.crt"),
    ]
  }
}
