/// A variable that the program reads: its names, and what the person who sets it must know.
///
/// `--help`, the table of docs/REFERENCE.md and the messages are made from these definitions.
public struct EnvironmentVariable: Sendable {
  /// What a variable is about; the order is the order of `--help`.
  public enum Section: String, CaseIterable, Sendable {
    case pod = "The pod"
    case cluster = "The cluster"
    case tls = "TLS"
    case nodes = "Connections between nodes"
    case clients = "Clients"
    case roles = "Roles"
    case restapi = "Patroni's REST API"
    case server = "The server"
    case store = "The DCS (distributed configuration store)"
    case own = "The operator's own settings"
    case files = "Settings in files"
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
  /// Whether a new value takes effect while Patroni runs.
  public let isLive: Bool

  init(
    _ name: String,
    alias: String? = nil,
    _ section: Section,
    default fallback: String,
    _ summary: String,
    isSecret: Bool = false,
    isLive: Bool = false
  ) {
    self.name = name
    self.alias = alias
    self.section = section
    self.fallback = fallback
    self.summary = summary
    self.isSecret = isSecret
    self.isLive = isLive
  }

  /// The variable that names a file with the secret in it.
  public var fileName: String { name + "_FILE" }

  /// A password, or something as good as one.
  static func secret(
    _ name: String,
    _ section: Section,
    default fallback: String = "none",
    _ summary: String,
    isLive: Bool = false
  ) -> EnvironmentVariable {
    EnvironmentVariable(name, section, default: fallback, summary, isSecret: true, isLive: isLive)
  }

  /// Every name by which a value can be given: its own, the second one, and the one for a file.
  var allNames: [String] { [name] + [alias, isSecret ? fileName : nil].compactMap { $0 } }

  /// Whether its value holds a secret, or names a file that does and may hold its content by mistake.
  var mayHoldSecret: Bool {
    isSecret
      || [Self.sslKey, .nodePassfile, .configuration, .configurationFile].contains {
        $0.name == name
      }
  }
}
