import PatroniConfig
import PostgresConfig

/// Patroni's HTTP interface.
struct RESTAPISettings: Sendable {
  @Sourced var usesTLS: Bool
  @Sourced var listen: ListenAddress
  @Sourced var connectAddress: HostAndPort
  var authentication: Authentication?
  var ctlAuthentication: Authentication?

  /// A name and a password for HTTP basic authentication.
  struct Authentication: Sendable {
    @Sourced var username: String
    @Sourced var password: Secret

    init(username: Sourced<String>, password: Sourced<Secret>) {
      (_username, _password) = (username, password)
    }
  }

  init(from reader: inout EnvironmentReader, tls: TLSSettings, pod: PodSettings) {
    let usesTLS = reader.choice(.restapiTLS, of: Switch.self).or(.off)
    _usesTLS = Sourced(usesTLS.wrappedValue == .on, usesTLS.source)
    let listen = reader.listenAddress(.restapiListen).or(.restapi)
    _listen = listen
    _connectAddress = reader.connectAddress(
      .restapiConnectAddress,
      otherwise: pod.connectAddress(port: listen.wrappedValue.port)
    )
    authentication = Self.authentication(from: &reader, .restapiUsername, .restapiPassword)
    ctlAuthentication =
      Self.authentication(from: &reader, .ctlUsername, .ctlPassword) ?? authentication
    if self.usesTLS, tls.mode == .disable {
      reader.reportContradiction(
        Problem(
          EnvironmentVariable.restapiTLS.name,
          "cannot be on with PGSSLMODE=disable",
          detail: "It uses the node's certificate.",
          hint: "Set PGSSLMODE=verify-ca and mount certificates, or RESTAPI_TLS=off."
        )
      )
    }
  }

  private static func authentication(
    from reader: inout EnvironmentReader,
    _ name: EnvironmentVariable,
    _ password: EnvironmentVariable
  ) -> Authentication? {
    let (given, secret) = (reader.text(name), reader.secret(password))
    if let username = given.wrappedValue, let key = secret.wrappedValue {
      return Authentication(
        username: Sourced(username, given.source),
        password: Sourced(key, secret.source)
      )
    }
    guard !given.isFaulty, !secret.isFaulty else { return nil }
    if given.wrappedValue != nil {
      reader.reportContradiction(Problem(name.name, "is set without \(password.name)"))
    } else if secret.wrappedValue != nil {
      reader.reportContradiction(Problem(password.name, "is set without \(name.name)"))
    }
    return nil
  }
}

/// Addresses and a port to listen on, as Patroni's manual writes them: `*:5432`.
struct ListenAddress: Sendable {
  var text: String
  var port: Int

  /// The addresses without the port.
  var addresses: String { text.lastIndex(of: ":").map { String(text[..<$0]) } ?? text }

  /// The hosts of a list, without the blanks around them; nil when one of them is none.
  fileprivate static func hosts(in text: Substring) -> [String]? {
    let hosts = text.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0).withoutOuterBlanks
    }
    let areHosts = hosts.allSatisfy { host in
      let address =
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
      return ValueRule.isName(address) || (host == "*" && hosts.count == 1)
    }
    return areHosts ? hosts : nil
  }

  static let restapi = ListenAddress(text: "*:8008", port: 8008)
  static let postgresql = ListenAddress(text: "*:5432", port: 5432)
}

extension EnvironmentReader {
  mutating func listenAddress(_ variable: EnvironmentVariable) -> Sourced<ListenAddress?> {
    value(
      variable,
      expectation: "It must be an address, or several with commas, and a port: 0.0.0.0:5432."
    ) {
      text in
      guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
        let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port),
        let hosts = ListenAddress.hosts(in: text[..<colon])
      else { return nil }
      return ListenAddress(text: hosts.joined(separator: ",") + text[colon...], port: port)
    }
  }

  mutating func connectAddress(
    _ variable: EnvironmentVariable,
    otherwise derived: Sourced<HostAndPort>
  ) -> Sourced<HostAndPort> {
    let given = value(
      variable,
      expectation: "It must be a host and a port, with IPv6 addresses in brackets."
    ) { HostAndPort(parsing: $0).flatMap { ValueRule.isName($0.host) ? $0 : nil } }
    if case .unset = given.source { return derived }
    return given.or(derived.wrappedValue)
  }
}
