import PostgresConfig

/// Patroni's HTTP interface: probes, members among themselves, `patronictl`.
///
/// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html#rest-api>.
public struct RESTAPI: Equatable, Sendable {
  /// Where other members reach it.
  public var connectAddress: HostAndPort
  /// Address and port that it listens on, `*:8008`.
  public var listen: String
  /// HTTP basic authentication for what changes anything, when wanted.
  public var authentication: BasicAuthentication?
  /// HTTPS, when wanted.
  public var tls: ServerTLS?

  /// The certificate that the interface shows, and what it asks of others.
  public struct ServerTLS: Equatable, Sendable {
    /// The certificate, a file.
    public var certificate: String
    /// Its key, a file.
    public var key: String
    /// The authority that clients' certificates must come from, a file.
    public var authority: String
    /// Whether clients must show a certificate.
    public var verifyClient: VerifyClient

    /// Settings of an HTTPS server.
    public init(
      certificate: String,
      key: String,
      authority: String,
      verifyClient: VerifyClient
    ) {
      self.certificate = certificate
      self.key = key
      self.authority = authority
      self.verifyClient = verifyClient
    }
  }

  /// Who must show a certificate.
  public enum VerifyClient: String, Sendable {
    /// Whoever wants to change something; the kubelet's probes have none to show.
    case optional
  }

  /// A whole section.
  public init(
    connectAddress: HostAndPort,
    listen: String,
    authentication: BasicAuthentication?,
    tls: ServerTLS?
  ) {
    self.connectAddress = connectAddress
    self.listen = listen
    self.authentication = authentication
    self.tls = tls
  }

  var yaml: YAMLMapping {
    var restapi = YAMLMapping()
    restapi.append("connect_address", connectAddress.description)
    restapi.append("listen", listen)
    if let authentication { restapi.append("authentication", authentication.yaml) }
    if let tls {
      restapi.append("certfile", tls.certificate)
      restapi.append("keyfile", tls.key)
      restapi.append("cafile", tls.authority)
      restapi.append("verify_client", tls.verifyClient.rawValue)
    }
    return restapi
  }
}

/// A name and a password for HTTP basic authentication.
public struct BasicAuthentication: Equatable, Sendable {
  /// The name.
  public var username: String
  /// The password.
  public var password: Secret

  /// A name and its password.
  public init(username: String, password: Secret) {
    self.username = username
    self.password = password
  }

  var yaml: YAMLMapping {
    var authentication = YAMLMapping()
    authentication.append("username", username)
    authentication.append("password", password)
    return authentication
  }
}

/// How `patronictl` talks to the members' HTTP interfaces.
///
/// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html#ctl>.
public struct Ctl: Equatable, Sendable {
  /// HTTP basic authentication, when the interfaces want it.
  public var authentication: BasicAuthentication?
  /// HTTPS with a certificate of its own, when the interfaces speak it.
  public var tls: RESTAPI.ServerTLS?

  /// A whole section.
  public init(authentication: BasicAuthentication?, tls: RESTAPI.ServerTLS?) {
    self.authentication = authentication
    self.tls = tls
  }

  var yaml: YAMLMapping {
    var ctl = YAMLMapping()
    if let authentication { ctl.append("authentication", authentication.yaml) }
    if let tls {
      ctl.append("cacert", tls.authority)
      ctl.append("certfile", tls.certificate)
      ctl.append("keyfile", tls.key)
    }
    return ctl
  }
}
