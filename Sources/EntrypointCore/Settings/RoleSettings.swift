import PostgresConfig

/// The roles that Patroni logs in as.
struct RoleSettings: Sendable {
  var superuser: Role
  var replication: Role
  var rewind: Role?

  struct Role: Sendable {
    var name: RoleName
    var password: Secret?
  }

  init?(
    from reader: inout EnvironmentReader,
    version: PostgresVersion?,
    nodeAuth: NodeSettings.NodeAuth?
  ) {
    let assumed = version ?? .assumed
    let superuserName = reader.role(.superuserName, version: assumed)
    let superuserPassword = reader.secret(.superuserPassword)
    let replicationName = reader.role(.replicationName, version: assumed)
    let replicationPassword = reader.secret(.replicationPassword)
    let rewindName = reader.role(.rewindName, version: assumed)
    let rewindPassword = reader.secret(.rewindPassword)
    if let nodeAuth, nodeAuth.needsPasswords {
      Self.require(superuserPassword, .superuserPassword, nodeAuth, &reader)
      Self.require(replicationPassword, .replicationPassword, nodeAuth, &reader)
      if case .value = rewindName {
        Self.require(rewindPassword, .rewindPassword, nodeAuth, &reader)
      }
    }
    if case (.unset, .value) = (rewindName, rewindPassword) {
      reader.report(
        Problem(
          EnvironmentVariable.rewindPassword.name,
          "is set without PATRONI_REWIND_USERNAME",
          hint: "Set PATRONI_REWIND_USERNAME, or remove the password: the superuser rewinds then."
        )
      )
    }
    if nodeAuth == .cert, case .value = superuserPassword {
      reader.report(
        Problem(
          .note,
          EnvironmentVariable.superuserPassword.name,
          "is not used with NODE_AUTH=cert",
          detail: "Patroni would store it in clear text in pg_dist_authinfo; it is left out of "
            + "patroni.yml and of Patroni's environment.",
          hint: "Remove it from the pod."
        )
      )
    }
    Self.refuseTLSOfOneRole(&reader)
    guard let superuserName = superuserName.or(.defaultSuperuser),
      let replicationName = replicationName.or(.defaultReplication),
      let superuserPassword = superuserPassword.optional,
      let replicationPassword = replicationPassword.optional,
      let rewindName = rewindName.optional, let rewindPassword = rewindPassword.optional
    else { return nil }
    superuser = Role(name: superuserName, password: nodeAuth == .cert ? nil : superuserPassword)
    replication = Role(name: replicationName, password: replicationPassword)
    rewind = rewindName.map { Role(name: $0, password: rewindPassword) }
  }

  private static func require(
    _ password: EnvironmentReader.Reading<Secret>,
    _ variable: EnvironmentVariable,
    _ nodeAuth: NodeSettings.NodeAuth,
    _ reader: inout EnvironmentReader
  ) {
    guard case .unset = password else { return }
    reader.report(
      Problem(
        variable.name,
        "is not set",
        detail: "With NODE_AUTH=\(nodeAuth.rawValue) the nodes log in to each other by password.",
        hint: "Set \(variable.name) or \(variable.fileName), or use certificates: "
          + "PGSSLMODE=verify-ca and NODE_AUTH=cert."
      )
    )
  }

  /// Patroni reads these from its environment and lets them win over the file.
  ///
  /// See <https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html>.
  private static func refuseTLSOfOneRole(_ reader: inout EnvironmentReader) {
    let settings: [(suffix: String, hint: String)] = [
      ("SSLMODE", "Set PGSSLMODE, which holds for every connection."),
      ("SSLROOTCERT", "Set PGSSLROOTCERT, which holds for every connection."),
      ("SSLCERT", "Set PGSSLCERT, which holds for every connection."),
      ("SSLKEY", "Set PGSSLKEY, which holds for every connection."),
      ("SSLCRL", "Set PGSSLCRL, which holds for every connection."),
      ("SSLCRLDIR", "Set PGSSLCRL to one file, which holds for every connection."),
      ("CHANNEL_BINDING", "Set PGCHANNELBINDING, which holds for every connection."),
      (
        "SSLPASSWORD",
        "Mount a key that is not encrypted: PostgreSQL could not ask for its password."
      ),
    ]
    for role in ["SUPERUSER", "REPLICATION", "REWIND"] {
      for (suffix, hint) in settings where reader.environment.isGiven("PATRONI_\(role)_\(suffix)") {
        reader.report(
          Problem(
            "PATRONI_\(role)_\(suffix)",
            "cannot be set for one role",
            detail: "It would override what patroni.yml says.",
            hint: hint
          )
        )
      }
    }
  }
}
