/// One record of `pg_hba.conf`: which clients it is about, and how they prove who they are.
///
/// A combination that PostgreSQL refuses cannot be written: the method's type depends on the kind
/// of connection. In particular `cert` takes no `clientcert` option, because with it PostgreSQL
/// 14 and later reject the whole file unless its value is `verify-full`, and a user map would then
/// not be used for the name.
/// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
public enum HBARule: Equatable, Sendable {
  /// Over the Unix-domain socket.
  case local(database: Database, user: User, method: LocalMethod)
  /// Over TCP, with TLS or without.
  case host(database: Database, user: User, address: HBAAddress, method: PasswordMethod)
  /// Over TCP with TLS only.
  case hostssl(database: Database, user: User, address: HBAAddress, method: TLSMethod)

  /// The database column.
  public enum Database: Equatable, Sendable {
    /// Every database; replication connections are not among them.
    case all
    /// Physical replication connections.
    case replication
  }

  /// The user column.
  public enum User: Equatable, Sendable {
    /// Every role.
    case all
    /// One role.
    case named(RoleName)
  }

  /// What can be asked of a client on the socket.
  public enum LocalMethod: String, Sendable {
    /// Nothing: whoever reaches the socket is inside the container.
    case trust
  }

  /// What can be asked of a client whatever the transport.
  public enum PasswordMethod: String, Sendable {
    /// A password; the stored one must be a SCRAM verifier.
    case scramSHA256 = "scram-sha-256"
    /// A password; takes MD5 hashes and SCRAM verifiers alike, and speaks SCRAM with the latter.
    case md5
    /// Nothing.
    case trust
  }

  /// What can be asked of a client on a TLS connection.
  public enum TLSMethod: Equatable, Sendable {
    /// A certificate whose CN is the role's name, or is mapped to it.
    case cert(map: String?)
    /// A password, and a client certificate on top of it when one is named.
    case password(PasswordMethod, clientCertificate: ClientCertificate?)
  }

  /// The `clientcert` option of a password method.
  public enum ClientCertificate: String, CaseIterable, Sendable {
    /// A certificate that our certificate authority signed.
    case verifyCA = "verify-ca"
    /// As `verifyCA`, and its CN is the role's name.
    case verifyFull = "verify-full"
  }

  /// The record as it stands in the file.
  public var line: String {
    switch self {
    case .local(let database, let user, let method):
      "local \(database.token) \(user.token) \(method.rawValue)"
    case .host(let database, let user, let address, let method):
      "host \(database.token) \(user.token) \(address.token) \(method.rawValue)"
    case .hostssl(let database, let user, let address, let method):
      "hostssl \(database.token) \(user.token) \(address.token) \(method.tokens)"
    }
  }
}

extension HBARule.Database {
  var token: String {
    switch self {
    case .all: "all"
    case .replication: "replication"
    }
  }
}

extension HBARule.User {
  var token: String {
    switch self {
    case .all: "all"
    case .named(let role): role.token
    }
  }
}

extension HBARule.TLSMethod {
  var tokens: String {
    switch self {
    case .cert(nil): "cert"
    case .cert(.some(let map)): "cert map=\(map)"
    case .password(let method, nil): method.rawValue
    case .password(let method, .some(let option)):
      "\(method.rawValue) clientcert=\(option.rawValue)"
    }
  }
}
