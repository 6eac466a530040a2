import PatroniConfig
import PostgresConfig

extension YAMLNode {
  /// The same tree with every text in it a secret.
  var hidden: YAMLNode { hiding { _ in true } }

  /// The same tree with every text a secret that holds a password.
  var hidingCredentials: YAMLNode { hiding { EmbeddedPassword.isHeld(by: $0) } }

  /// The same tree of a patroni.yml, which does not say what of it is secret, with every text a secret that is
  /// one by its key or that may hold one.
  func hidingSecrets(ofKey key: String = "") -> YAMLNode {
    let last = key.split(separator: ".").last.map { String($0) } ?? key
    if OverridesChecker.secrets.contains(last.lowercased())
      || OverridesChecker.headers.contains(last)
    {
      return hidden
    }
    switch content {
    case .mapping(var mapping):
      mapping.mapValues { $0.value.hidingSecrets(ofKey: $0.key) }
      return YAMLNode(.mapping(mapping), origin: origin)
    case .sequence(let items):
      return YAMLNode(.sequence(items.map { $0.hidingSecrets() }), origin: origin)
    case .string(let text) where EmbeddedPassword.isHeld(by: text) || HBALine.namesPassword(text):
      return hidden
    case .string, .plain, .secret: return self
    }
  }

  private func hiding(_ isSecret: (String) -> Bool) -> YAMLNode {
    switch content {
    case .mapping(var mapping):
      mapping.mapValues { $0.value.hiding(isSecret) }
      return YAMLNode(.mapping(mapping), origin: origin)
    case .sequence(let items):
      return YAMLNode(.sequence(items.map { $0.hiding(isSecret) }), origin: origin)
    case .string(let text), .plain(let text, _):
      return isSecret(text) ? YAMLNode(.secret(Secret(text)), origin: origin) : self
    case .secret: return self
    }
  }
}

extension YAMLMapping {
  /// The same with every text a secret that holds a password.
  var hidingCredentials: YAMLMapping {
    var mapping = self
    mapping.mapValues { $0.value.hidingCredentials }
    return mapping
  }
}
