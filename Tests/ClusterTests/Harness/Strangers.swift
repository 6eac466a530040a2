import TestSupport
import Testing

/// Whoever wants to be a node and is none.
struct Strangers {
  /// The list that names the one whose certificate was taken back.
  let revocationList: String
  private let client: Client
  private let node: CertificateFiles
  private let otherName: CertificateFiles
  private let otherAuthority: CertificateFiles
  private let expired: CertificateFiles
  private let notYetValid: CertificateFiles
  private let revoked: CertificateFiles

  /// Makes certificates that are like those of cluster `scope`, but for one thing each.
  init(_ bed: TestBed, scope: String) throws {
    let cn = "*.\(scope).default.svc.cluster.local"
    let authority = bed.authority
    let another = try CertificateAuthority("authority", in: bed.network.directory + "/another")
    client = bed.client
    node = try client.mount(authority.issue(cn: cn), as: "node")
    otherName = try client.mount(bed.nodeCertificate("beta"), as: "other-name")
    otherAuthority = try client.mount(another.issue(cn: cn), as: "other-authority")
    expired = try client.mount(authority.issue(cn: cn, days: (-9, -1)), as: "expired")
    notYetValid = try client.mount(authority.issue(cn: cn, days: (1, 9)), as: "not-yet-valid")
    let withdrawn = try authority.issue(cn: cn)
    revocationList = try authority.revoke(withdrawn)
    revoked = try client.mount(withdrawn, as: "revoked")
  }

  /// The superuser is let in with a node's certificate, and in no other way.
  func expectRefused(by member: Member) throws {
    let superuser = "host=\(member.host.address) user=postgres"
    func settings(_ files: CertificateFiles) -> String { self.settings(files, member) }
    try client.expectAccepted(settings(node), tls: true)
    let refusals = [
      (superuser + " sslmode=disable", "user \"postgres\", database \"postgres\", no encryption"),
      (superuser + " sslmode=require", "connection requires a valid client certificate"),
      (settings(otherName), "certificate authentication failed for user \"postgres\""),
      (settings(otherAuthority), "alert unknown ca"),
      (settings(expired), "alert certificate expired"),
      (settings(notYetValid), "alert bad certificate"),
      (settings(revoked), "alert certificate revoked"),
      (
        "\(superuser) sslmode=verify-ca sslrootcert=\(otherAuthority.authority)",
        "certificate verify failed"
      ),
    ]
    for (settings, reason) in refusals {
      try client.expectRefused(settings, password: Passwords.superuser, because: reason)
    }
  }
  /// A node of another cluster under the same authority is none of this one.
  func expectOtherNameIsRefused(by member: Member) throws {
    try client.expectAccepted(settings(node, member), tls: true)
    try client.expectRefused(
      settings(otherName, member),
      because: "certificate authentication failed for user \"postgres\""
    )
  }

  private func settings(_ files: CertificateFiles, _ member: Member) -> String {
    "host=\(member.host.address) user=postgres sslmode=require sslcert=\(files.certificate) "
      + "sslkey=\(files.key)"
  }
}
