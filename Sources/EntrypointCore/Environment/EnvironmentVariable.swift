/// A variable that the program reads: its names, and what the person who sets it must know.
///
/// `--help`, the README's table and the messages are made from these definitions.
public struct EnvironmentVariable: Sendable {
  /// What a variable is about; the order is the order of `--help`.
  public enum Section: String, CaseIterable, Sendable {
    case pod = "The pod"
    case cluster = "The cluster"
    case tls = "TLS"
    case nodes = "Nodes among themselves"
    case clients = "Everybody else"
    case roles = "Roles"
    case restapi = "Patroni's REST API"
    case places = "Places and versions"
    case store = "The configuration store"
    case own = "The operator's own settings"
  }

  /// Patroni's or libpq's own name, where they have one.
  public let name: String
  /// What pods usually call it.
  public let alias: String?
  /// What it is about.
  public let section: Section
  /// What holds when it is not set, in words.
  public let fallback: String
  /// What it means, in a sentence without a full stop.
  public let summary: String
  /// Whether its value is never shown, and `NAME_FILE` may name a file that holds it.
  public let isSecret: Bool

  init(
    _ name: String,
    alias: String? = nil,
    _ section: Section,
    default fallback: String,
    _ summary: String,
    isSecret: Bool = false
  ) {
    self.name = name
    self.alias = alias
    self.section = section
    self.fallback = fallback
    self.summary = summary
    self.isSecret = isSecret
  }

  /// The variable that names a file with the secret in it.
  public var fileName: String { name + "_FILE" }

  /// A password, or something as good as one.
  static func secret(
    _ name: String,
    _ section: Section,
    default fallback: String = "none",
    _ summary: String
  ) -> EnvironmentVariable {
    EnvironmentVariable(name, section, default: fallback, summary, isSecret: true)
  }
}
