import PostgresConfig

/// What is wrong with the certificates, in the eyes of the programs that will use them.
///
/// PostgreSQL, libpq and OpenSSL would say it late, or to somebody else.
/// See <https://www.postgresql.org/docs/current/ssl-tcp.html> and
/// <https://www.postgresql.org/docs/current/libpq-ssl.html>.
public struct CertificateChecks {
  let facts: CertificateFacts
  let expectations: CertificateExpectations
  let now: Int

  /// The results of all checks of certificates, in the order of `Check`.
  ///
  /// - Parameters:
  ///   - facts: what was found; nil when the mode needs no certificates.
  ///   - expectations: nil when the TLS settings are faulty.
  ///   - now: the time, in seconds since 1970.
  public static func results(
    _ facts: CertificateFacts?,
    _ expectations: CertificateExpectations?,
    now: Int
  ) -> [CheckResult] {
    let checks = Check.allCases.filter { $0 != .environment && $0 != .watcher }
    func skipped(_ reason: String) -> [CheckResult] {
      checks.map { .skipped($0, because: reason) }
    }
    guard let expectations else { return skipped("the TLS settings are invalid") }
    guard let facts, expectations.mode != .disable else {
      return skipped("PGSSLMODE=\(expectations.mode.rawValue)")
    }
    let judge = CertificateChecks(facts: facts, expectations: expectations, now: now)
    if let problem = judge.nothingMounted {
      var results = skipped("no certificate is mounted")
      for index in results.indices where results[index].check == .certificateFile {
        results[index].problems = [problem]
      }
      return results
    }
    var results = checks.map { judge.result($0) }
    judge.addUntoldFault(to: &results)
    return results
  }

  /// What OpenSSL objects to is an objection, even if every check leaves it to another one.
  private func addUntoldFault(to results: inout [CheckResult]) {
    guard let fault = facts.verification?.faults.first,
      let index = results.firstIndex(where: { $0.check == .chain && $0.reasonToSkip == nil }),
      !results.contains(where: { result in
        result.problems.contains { $0.severity == expectations.severity }
      })
    else { return }
    results[index].problems.append(problem(notVerifying: fault))
  }

  private func result(_ check: Check) -> CheckResult {
    switch check {
    case .environment, .watcher: CheckResult(check)
    case .authorityFile: authorityFile()
    case .certificateFile: certificateFile()
    case .keyFile: keyFile()
    case .keyPermissions: keyPermissions()
    case .keyMatch: keyMatch()
    case .chain: chain()
    case .serverUse: use(check, as: .server)
    case .clientUse: use(check, as: .client)
    case .validity: validity()
    case .commonName: commonName()
    case .hostNames: hostNames()
    case .channelBinding: channelBinding()
    case .revocation: revocation()
    }
  }

  /// Whether authorities are of no account: nobody asks for them, and there are none.
  var needsNoAuthority: Bool {
    !expectations.verifies && facts.files.authority.reading == .missing
  }

  func problem(
    _ variable: EnvironmentVariable,
    _ message: String,
    detail: String? = nil,
    hint: String? = nil
  ) -> Problem {
    Problem(expectations.severity, variable.name, message, detail: detail, hint: hint)
  }

  /// One problem instead of three when there is no file at all.
  private var nothingMounted: Problem? {
    let files = facts.files
    guard files.certificate.reading == .missing, files.key.reading == .missing else { return nil }
    if let demand = expectations.demands.first, !expectations.mode.verifiesServer {
      return Problem(
        EnvironmentVariable.sslCert.name,
        "file \(quoted(files.certificate.path)) does not exist",
        detail: "\(demand) requires a certificate that others can verify; a self-signed one "
          + "cannot be.",
        hint: Self.mountHint
      )
    }
    guard expectations.mode.verifiesServer else {
      return Problem(
        .note,
        EnvironmentVariable.sslCert.name,
        "file \(quoted(files.certificate.path)) does not exist; using a self-signed certificate",
        detail: "Connections are encrypted, but clients cannot verify the server's identity.",
        hint: "Mount certificates and set PGSSLMODE=verify-full to protect connections fully."
      )
    }
    guard files.authority.reading == .missing else { return nil }
    return problem(
      .sslCert,
      "no certificates are mounted",
      detail: "None of \(quoted(files.authority.path)), \(quoted(files.certificate.path)) and "
        + "\(quoted(files.key.path)) exists, and PGSSLMODE=\(expectations.mode.rawValue) needs "
        + "them.",
      hint: Self.mountHint
    )
  }

  static let mountHint =
    "Mount the Secret with the certificates, or name the files in PGSSLROOTCERT, PGSSLCERT and "
    + "PGSSLKEY."
}

/// Texts as a list in a sentence: `"a", "b"`.
func quotedList(_ texts: [String]) -> String {
  texts.map { quoted($0) }.joined(separator: ", ")
}
