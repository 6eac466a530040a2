import PatroniConfig
import PostgresConfig

/// Patroni's HTTP interface.
struct RESTAPISettings: Sendable {
  var usesTLS: Bool
  var listen: ListenAddress
  var connectAddress: HostAndPort?
  var authentication: BasicAuthentication?
  var ctlAuthentication: BasicAuthentication?

  init?(from reader: inout EnvironmentReader, mode: SSLMode?) {
    let tls = reader.choice(.restapiTLS, of: Switch.self)
    let listen = reader.listenAddress(.restapiListen)
    let connectAddress = reader.connectAddress(.restapiConnectAddress)
    let authentication = Self.authentication(
      from: &reader,
      .restapiUsername,
      .restapiPassword
    )
    let ctlAuthentication = Self.authentication(from: &reader, .ctlUsername, .ctlPassword)
    guard let tls = tls.or(.off), let listen = listen.or(.restapi),
      let connectAddress = connectAddress.optional, let authentication, let ctlAuthentication
    else { return nil }
    if tls == .on, mode == .disable {
      reader.report(
        Problem(
          EnvironmentVariable.restapiTLS.name,
          "cannot be on with PGSSLMODE=disable",
          detail: "It uses the node's certificate.",
          hint: "Set PGSSLMODE=verify-ca and mount certificates, or RESTAPI_TLS=off."
        )
      )
      return nil
    }
    usesTLS = tls == .on
    self.listen = listen
    self.connectAddress = connectAddress
    self.authentication = authentication
    self.ctlAuthentication = ctlAuthentication ?? authentication
  }

  /// Nil for a fault, `.some(nil)` when none is wanted.
  private static func authentication(
    from reader: inout EnvironmentReader,
    _ name: EnvironmentVariable,
    _ password: EnvironmentVariable
  ) -> BasicAuthentication?? {
    switch (reader.text(name), reader.secret(password)) {
    case (.faulty, _), (_, .faulty): return nil
    case (.unset, .unset): return .some(nil)
    case (.value(let name), .value(let password)):
      return BasicAuthentication(username: name, password: password)
    case (.value, .unset):
      reader.report(Problem(name.name, "is set without \(password.name)"))
    case (.unset, .value):
      reader.report(Problem(password.name, "is set without \(name.name)"))
    }
    return nil
  }
}

/// Addresses and a port to listen on, as Patroni's manual writes them: `*:5432`.
struct ListenAddress: Sendable {
  var text: String
  var port: Int

  static let restapi = ListenAddress(text: "*:8008", port: 8008)
  static let postgresql = ListenAddress(text: "*:5432", port: 5432)
}

extension EnvironmentReader {
  mutating func listenAddress(_ variable: EnvironmentVariable) -> Reading<ListenAddress> {
    value(
      variable,
      expectation: "It must be an address, or several with commas, and a port: 0.0.0.0:5432."
    ) {
      text in
      guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
        let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port),
        text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
      else { return nil }
      return ListenAddress(text: text, port: port)
    }
  }

  mutating func connectAddress(_ variable: EnvironmentVariable) -> Reading<HostAndPort> {
    value(variable, expectation: "It must be a host and a port, with IPv6 addresses in brackets.") {
      HostAndPort(parsing: $0)
    }
  }
}
