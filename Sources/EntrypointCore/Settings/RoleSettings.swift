import PatroniConfig
import PostgresConfig

/// The roles that Patroni logs in as.
struct RoleSettings: Sendable {
  var superuser: Role
  var replication: Role
  var rewind: Role?

  struct Role: Sendable {
    @Sourced var name: RoleName
    @Sourced var password: Secret?

    init(name: Sourced<RoleName>, password: Sourced<Secret?>) {
      (_name, _password) = (name, password)
    }
  }

  init(
    from reader: inout EnvironmentReader,
    version: PostgresVersion,
    nodeAuth: Sourced<NodeAuth>
  ) {
    let superuserName = reader.role(.superuserName, version: version)
    var superuserPassword = reader.secret(.superuserPassword)
    let replicationName = reader.role(.replicationName, version: version)
    let replicationPassword = reader.secret(.replicationPassword)
    let rewindName = reader.role(.rewindName, version: version)
    let rewindPassword = reader.secret(.rewindPassword)
    let auth = nodeAuth.isFaulty ? nil : nodeAuth.wrappedValue
    if let auth, auth.showsPasswords {
      Self.require(superuserPassword, .superuserPassword, auth, &reader)
      Self.require(replicationPassword, .replicationPassword, auth, &reader)
      if rewindName.wrappedValue != nil {
        Self.require(rewindPassword, .rewindPassword, auth, &reader)
      }
    }
    if case .unset = rewindName.source, rewindPassword.wrappedValue != nil {
      reader.report(
        Problem(
          EnvironmentVariable.rewindPassword.name,
          "is set without PATRONI_REWIND_USERNAME",
          hint: "Set PATRONI_REWIND_USERNAME, or remove the password: pg_rewind then logs in as "
            + "the superuser."
        )
      )
    }
    if auth == .cert, superuserPassword.wrappedValue != nil {
      superuserPassword.wrappedValue = nil
      reader.report(
        Problem(
          .note,
          EnvironmentVariable.superuserPassword.name,
          "is not used with NODE_AUTH=cert",
          detail: "Patroni would store it in clear text in pg_dist_authinfo. It is neither written "
            + "to patroni.yml nor passed on to Patroni.",
          hint: "Remove it from the pod."
        )
      )
    }
    superuser = Role(name: superuserName.or(.defaultSuperuser), password: superuserPassword)
    replication = Role(name: replicationName.or(.defaultReplication), password: replicationPassword)
    if let name = rewindName.wrappedValue {
      rewind = Role(name: Sourced(name, rewindName.source), password: rewindPassword)
    }
  }

  private static func require(
    _ password: Sourced<Secret?>,
    _ variable: EnvironmentVariable,
    _ nodeAuth: NodeAuth,
    _ reader: inout EnvironmentReader
  ) {
    guard case .unset = password.source else { return }
    if variable.name == EnvironmentVariable.superuserPassword.name,
      reader.environment.member?.leftPasswordOut == true
    {
      return reader.report(.leftOut(variable, nodeAuth))
    }
    reader.report(
      Problem(
        variable.name,
        "is not set",
        detail: nodeAuth.alsoShown == nil
          ? "With NODE_AUTH=\(nodeAuth.rawValue) the nodes log in to each other by password."
          : "With NODE_AUTH=\(nodeAuth.rawValue) a node sends its password to nodes that ask for "
            + "it.",
        hint: nodeAuth.alsoShown == nil
          ? "Set \(variable.name) or \(variable.fileName), or use certificates: "
            + "PGSSLMODE=verify-ca and NODE_AUTH=cert."
          : "Set \(variable.name) or \(variable.fileName)."
      )
    )
  }
}

extension Problem {
  fileprivate static func leftOut(
    _ variable: EnvironmentVariable,
    _ nodeAuth: NodeAuth
  ) -> Problem {
    Problem(
      variable.name,
      "is required with NODE_AUTH=\(nodeAuth.rawValue), and the member started without it",
      detail: "With NODE_AUTH=cert, no running process keeps a password from the pod's "
        + "environment.",
      hint: "Put the same password into file \(variable.name) of the settings directory, or "
        + "restart the member."
    )
  }
}
