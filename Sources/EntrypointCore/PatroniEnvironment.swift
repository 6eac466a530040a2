import PatroniConfig
import PostgresConfig

/// How Patroni's environment differs from ours.
public struct PatroniEnvironment: Sendable {
  /// Names that Patroni does not get.
  public private(set) var removed: Set<String>
  /// Names that Patroni gets with these values.
  public private(set) var added: [(name: String, value: String)]

  /// The environment that fits `settings`: no password in it, and libpq's variables say what the
  /// file says, for programs that read them instead of the file.
  ///
  /// - Parameter home: a home directory, when the one in the environment is of no use.
  public init(for settings: Settings, _ environment: Environment, home: String?) {
    let tls = settings.clientTLS
    // Patroni would take a whole configuration in PATRONI_CONFIGURATION instead of the file.
    removed = [
      EnvironmentVariable.configuration.name, EnvironmentVariable.configurationFile.name,
      "PGPASSWORD", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGSSLCRL", "PGSSLMODE",
    ]
    added = [("PGSSLMODE", tls.mode.rawValue)]
    for secret in EnvironmentVariable.secrets {
      removed.insert(secret.name)
      removed.insert(secret.fileName)
    }
    let files = [
      ("PGSSLROOTCERT", tls.rootCertificate), ("PGSSLCERT", tls.certificate),
      ("PGSSLKEY", tls.key), ("PGSSLCRL", tls.revocationList),
    ]
    for case (let name, let path?) in files { added.append((name, path)) }
    if settings.store.store?.kind != .kubernetes {
      // Patroni makes a section of them, and might then prefer Kubernetes to the store in the file.
      removed.formUnion(environment.names.filter { $0.hasPrefix("PATRONI_KUBERNETES_") })
    }
    if let home {
      removed.insert("HOME")
      added.append(("HOME", home))
    }
  }
}
