import PatroniConfig
import PostgresConfig

// What a client shows to ZooKeeper, for each scheme such as `digest` a credential. The credentials are
// secrets and the schemes are not: `digest:user:password` without a space is a scheme for YAML, and must not pass
// for one.
extension YAMLMapping {
  /// Whether each key can be a scheme, and has a credential.
  var holdsCredentials: Bool {
    entries.allSatisfy { entry in
      let isScheme = entry.key.utf8.allSatisfy { HostName.isLetterOrDigit($0) }
      switch entry.value.content {
      case .plain(_, .null), .mapping, .sequence: return false
      case .string, .plain, .secret: return isScheme
      }
    }
  }

  /// What to do when it is not so.
  static let credentialsHint = "Write it with a space behind the scheme: digest: user:password."
}
