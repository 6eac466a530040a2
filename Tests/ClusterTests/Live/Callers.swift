import TestSupport

/// Who calls at a member from the application's host, and whether they are let in.
struct Callers {
  let client: Client

  /// Makes the roles.
  init(_ client: Client, leader: Member) throws {
    self.client = client
    try leader.query("CREATE ROLE reader LOGIN PASSWORD 'open sesame'")
    try leader.query(
      "SET password_encryption = md5; CREATE ROLE old LOGIN PASSWORD 'open sesame'"
    )
  }

  /// By password; `reader` has a SCRAM hash, `old` an MD5 one.
  func isLetIn(_ role: String, by member: Member) throws -> Bool {
    try client.query(
      "host=\(member.host.address) user=\(role) sslmode=require",
      password: "open sesame"
    ).exitCode == 0
  }

  /// As superuser, with a node's certificate.
  func isNode(_ files: CertificateFiles, at member: Member) throws -> Bool {
    try client.query(
      "host=\(member.host.names[0]) user=postgres sslmode=verify-full "
        + files.connectionSettings
    ).exitCode == 0
  }
}
