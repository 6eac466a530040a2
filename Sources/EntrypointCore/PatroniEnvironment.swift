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
      // The file has them without blanks, which Patroni would take for parts of names.
      EnvironmentVariable.postgresqlListen.name, EnvironmentVariable.restapiListen.name,
      "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGSSLCRL", "PGSSLMODE",
    ]
    added = [("PGSSLMODE", tls.mode.rawValue)]
    let files = [
      ("PGSSLROOTCERT", tls.rootCertificate), ("PGSSLCERT", tls.certificate),
      ("PGSSLKEY", tls.key), ("PGSSLCRL", tls.revocationList),
    ]
    for case (let name, let path?) in files { added.append((name, path)) }
    removed.formUnion(EnvironmentNames.removed(from: environment, store: settings.store.store))
    if let prefix = settings.store.store?.variablePrefix {
      // The file has the address, and the password in it.
      removed.formUnion(
        environment.names { name, _ in
          name.begins(with: prefix) && EmbeddedPassword.isHeld(by: environment.text(name) ?? "")
        }
      )
    }
    if let home {
      removed.insert("HOME")
      added.append(("HOME", home))
    }
  }
}
