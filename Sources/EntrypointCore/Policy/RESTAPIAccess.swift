import PatroniConfig
import PostgresConfig

// Who may use Patroni's HTTP interface: with TLS everybody may look, and whoever has a certificate
// may change. The kubelet's probes have none to show.
//
// See <https://patroni.readthedocs.io/en/latest/rest_api.html>.
extension Settings {
  var restapiSection: RESTAPI {
    RESTAPI(
      connectAddress: restapi.connectAddress
        ?? HostAndPort(host: pod.connectHost, port: restapi.listen.port),
      listen: restapi.listen.text,
      authentication: restapi.authentication,
      tls: restapiTLS
    )
  }

  var ctlSection: Ctl {
    Ctl(authentication: restapi.ctlAuthentication, tls: restapiTLS)
  }

  private var restapiTLS: RESTAPI.ServerTLS? {
    guard restapi.usesTLS else { return nil }
    return RESTAPI.ServerTLS(
      certificate: tls.certificate,
      key: tls.key,
      authority: tls.rootCertificate,
      verifyClient: .optional
    )
  }
}
