import PostgresConfig

// SCRAM over TLS takes the server's certificate into its proof, hashed with the digest that the
// certificate was signed with. Where there is none, libpq gives up; it does not go on without.
//
// See <https://www.postgresql.org/docs/current/sasl-authentication.html>.
extension CertificateChecks {
  func channelBinding() -> CheckResult {
    if let result = skippedForLeaf(.channelBinding) { return result }
    guard let leaf = facts.leaf else { return CheckResult(.channelBinding) }
    let binding = expectations.binding
    guard !binding.nodeRoles.isEmpty || binding.hasClients else {
      return .skipped(.channelBinding, because: "no role logs in by password over TLS")
    }
    var result = CheckResult(.channelBinding)
    result.add("signature", leaf.signatureAlgorithm)
    guard leaf.signatureDigest == .none else { return result }
    let certificate =
      "certificate \(quoted(leaf.subject)), which is signed with \(leaf.signatureAlgorithm)"
    let resign = "Have it signed by a CA with an ECDSA or RSA key"
    if !binding.nodeRoles.isEmpty {
      result.problems.append(
        problem(
          .sslCert,
          "nodes cannot log in by password to a server with \(certificate)",
          detail:
            "\(Self.reason) Node roles with passwords are \(quotedList(binding.nodeRoles)).",
          hint: "\(resign), or set PGCHANNELBINDING=disable."
        )
      )
    }
    if binding.hasClients {
      result.problems.append(
        Problem(
          .warning,
          EnvironmentVariable.sslCert.name,
          "clients cannot log in by password to a server with \(certificate)",
          detail: "\(Self.reason) Clients without TLS and roles with MD5 password hashes are not "
            + "affected.",
          hint: "\(resign), or have every client set channel_binding=disable."
        )
      )
    }
    return result
  }

  private static let reason =
    "libpq binds SCRAM to the certificate by the digest of its signature, but this signature has "
    + "none; libpq reports \"could not find digest for NID UNDEF\"."
}

extension Settings {
  /// Who has passwords bound to the connection.
  ///
  /// With `allow` nodes try without TLS first, and succeed. Every method that takes passwords counts:
  /// md5 takes SCRAM's, too, and new passwords are stored for it.
  var binding: CertificateExpectations.Binding {
    guard tls.mode != .disable else { return CertificateExpectations.Binding() }
    let all = [roles.superuser, roles.replication] + (roles.rewind.map { [$0] } ?? [])
    let withPasswords = all.filter { role in
      switch nodeMethod(for: role) {
      case .password(.scramSHA256), .password(.md5): true
      case .password, .certificate: false
      }
    }
    return CertificateExpectations.Binding(
      nodeRoles: tls.bindsChannel && tls.mode != .allow ? withPasswords.map { $0.name.name } : [],
      hasClients: clients.auth.passwordMethod != nil
    )
  }
}
