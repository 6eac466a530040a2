import PatroniConfig
import PostgresConfig

// Who may use Patroni's HTTP interface: with TLS everybody may look, and whoever has a certificate
// may change. The kubelet's probes have none to show.
//
// See <https://patroni.readthedocs.io/en/latest/rest_api.html>.
extension Settings {
  var restapiSection: YAMLMapping {
    let api = "other members and patronictl use it to connect to Patroni"
    var section = YAMLMapping()
    section.addMandatory(
      "connect_address",
      .string(restapi.connectAddress.description),
      restapi.$connectAddress.source,
      api,
      instead: "Set CONNECT_BY or PATRONI_RESTAPI_CONNECT_ADDRESS"
    )
    section.addMandatory("listen", .string(restapi.listen.text), restapi.$listen.source, api)
    add(restapi.authentication, .restapiUsername, .restapiPassword, to: &section)
    addTLS("certfile", tls.$certificate, to: &section)
    addTLS("keyfile", tls.$key, to: &section)
    addTLS("cafile", tls.$rootCertificate, to: &section)
    addTLS("verify_client", Sourced("optional", restapi.$usesTLS.source), to: &section)
    addTLS("keyfile_password", nil, to: &section)
    return section
  }

  /// How `patronictl` talks to the members' interfaces: with a certificate of its own.
  ///
  /// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html#ctl>.
  var ctlSection: YAMLMapping {
    var section = YAMLMapping()
    add(restapi.ctlAuthentication, .ctlUsername, .ctlPassword, to: &section)
    addTLS("cacert", tls.$rootCertificate, to: &section)
    addTLS("certfile", tls.$certificate, to: &section)
    addTLS("keyfile", tls.$key, to: &section)
    addTLS("keyfile_password", nil, to: &section)
    return section
  }

  private func add(
    _ authentication: RESTAPISettings.Authentication?,
    _ name: EnvironmentVariable,
    _ password: EnvironmentVariable,
    to section: inout YAMLMapping
  ) {
    let reason = "a password belongs in a Secret"
    guard let authentication else {
      section.reserve(
        "authentication",
        .unset(name.name),
        reason,
        instead: "Set \(name.name) and \(password.name)"
      )
      return
    }
    let secret = authentication.$password
    var mapping = YAMLMapping()
    mapping.addMandatory("username", authentication.$username, reason)
    mapping.addMandatory("password", .secret(secret.wrappedValue), secret.source, reason)
    section.add("authentication", mapping)
  }

  private func addTLS(_ key: String, _ value: Sourced<String>?, to section: inout YAMLMapping) {
    let node = restapi.usesTLS ? value.map { YAMLNode.string($0.wrappedValue) } : nil
    let source = node == nil ? restapi.$usesTLS.source : value?.source
    section.addMandatory(
      key,
      node,
      source ?? restapi.$usesTLS.source,
      "it uses the node's certificate",
      instead: restapi.usesTLS ? nil : "Set RESTAPI_TLS=on"
    )
  }
}
