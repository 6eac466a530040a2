import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// Members without certificates, and with some that are of no use.
  @Suite struct Certificates {
    /// Every member makes a certificate of its own, which encrypts and proves nothing.
    @Test func selfSignedCertificates() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster(
          "alpha",
          mountsCertificates: false,
          environment: Passwords.environment(["PGSSLMODE": "prefer"])
        )
        try cluster.bootstrap()
        try cluster.expectReplication(from: cluster[0], method: "scram-sha-256", tls: true)
        try bed.client.expectApplicationsLogIn(to: cluster[0], plain: true)
        let authority = try bed.client.mount(bed.nodeCertificate("alpha"), as: "authority")
        try bed.client.expectRefused(
          "host=\(cluster[0].host.address) user=postgres sslmode=verify-ca "
            + "sslrootcert=\(authority.authority)",
          password: Passwords.superuser,
          because: "certificate verify failed"
        )
        try cluster.switchover(from: cluster[0], to: cluster[1])
        try cluster.expectReplication(from: cluster[1], method: "scram-sha-256", tls: true)
      }
    }

    /// A member does not start with a certificate that others would refuse.
    @Test func certificatesThatNodesCannotUse() throws {
      try TestBed.run { bed in
        let cn = "*.alpha.default.svc.cluster.local"
        let authority = bed.authority
        let expired = try authority.issue(cn: cn, days: (-9, -1))
        var revoked = try authority.issue(cn: cn)
        revoked.revocationList = try authority.revoke(revoked)
        var foreign = try CertificateAuthority("another", in: bed.network.directory + "/another")
          .issue(cn: cn)
        foreign.authority = authority.certificate
        let cluster = try bed.cluster("alpha", environment: ["PGSSLMODE": "verify-ca"])
        for (name, files, reason) in [
          ("expired", expired, "expired on"), ("revoked", revoked, "is revoked"),
          ("foreign", foreign, "CA \"CN=another\" is not in file"),
        ] {
          let member = cluster[0]
          let mounted = try files.mount(
            at: "\(member.directory)/\(name)",
            group: member.user.group
          )
          member.environment.merge(mounted.variables) { $1 }
          try member.start()
          #expect(try member.process?.waitForExit() == 78)
          #expect(try member.hasLogged("entrypoint: error:", reason, since: member.lastStart))
          #expect(!FileManager.default.fileExists(atPath: member.patroniFile))
        }
      }
    }
  }
}
