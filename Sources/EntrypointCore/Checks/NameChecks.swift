import PostgresConfig

// Names: which role a node may log in as, and which server it is.
extension CertificateChecks {
  /// PostgreSQL compares the CN with the names in pg_ident.conf.
  ///
  /// See <https://www.postgresql.org/docs/current/auth-cert.html>.
  func commonName() -> CheckResult {
    if let result = skippedForLeaf(.commonName) { return result }
    guard let leaf = facts.leaf else { return CheckResult(.commonName) }
    guard let names = expectations.nodeNames else {
      return .skipped(.commonName, because: "nodes do not log in by certificate")
    }
    var result = CheckResult(.commonName)
    let subject = quoted(leaf.subject)
    let commonName = leaf.commonName ?? []
    if !commonName.isEmpty {
      result.add("common_name", String(decoding: commonName, as: UTF8.self))
    }
    result.add("node_names", names.map { $0.text })
    guard !commonName.isEmpty else {
      result.problems.append(
        problem(
          .sslCert,
          "certificate \(subject) has no common name (CN)",
          detail: "PostgreSQL uses it to decide which role the node may log in as.",
          hint: "Reissue it with a CN such as \(quoted(names.first?.text ?? ""))."
        )
      )
      return result
    }
    guard let text = String(validating: commonName, as: UTF8.self), !commonName.contains(0) else {
      result.problems.append(
        problem(
          .sslCert,
          "CN \(quoted(commonName)) of the certificate is not valid UTF-8",
          detail: "PostgreSQL compares the bytes as they are and rejects null bytes.",
          hint: "Reissue it with a CN of letters, digits, dots and hyphens."
        )
      )
      return result
    }
    compare(text, with: names, &result)
    return result
  }

  private func compare(
    _ commonName: String,
    with names: [IdentMapping.SystemName],
    _ result: inout CheckResult
  ) {
    var notUnderstood: String?
    for name in names {
      switch name.admits(commonName) {
      case .some(true): return
      case .some(false): continue
      case nil: notUnderstood = name.text
      }
    }
    let variable = EnvironmentVariable.nodeCertNames
    if let notUnderstood {
      result.problems.append(
        Problem(
          .note,
          variable.name,
          "whether \(quoted(notUnderstood)) matches CN \(quoted(commonName)) is not known",
          detail: "Only PostgreSQL can evaluate this regular expression.",
          hint:
            "Test it with SELECT 'NAME' ~ 'EXPRESSION', where EXPRESSION is what follows the slash."
        )
      )
      return
    }
    let canBeSet = entries(in: commonName) == [commonName] && commonName.isExactName
    result.problems.append(
      problem(
        variable,
        "CN \(quoted(commonName)) of the certificate is not the CN of a node",
        detail: "The CNs of nodes are \(quotedList(names.map { $0.text })).",
        hint: canBeSet
          ? "Set NODE_CERT_NAMES=\(commonName), or reissue the certificate with one of these names."
          : "Reissue the certificate with one of these names."
      )
    )
  }

  /// With verify-full libpq compares the host it connected to with the certificate.
  ///
  /// See <https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SERVER-CERTIFICATES>.
  func hostNames() -> CheckResult {
    if let result = skippedForLeaf(.hostNames) { return result }
    guard let leaf = facts.leaf else { return CheckResult(.hostNames) }
    guard !expectations.hosts.isEmpty else {
      return .skipped(
        .hostNames,
        because: "host names are verified only with PGSSLMODE=verify-full"
      )
    }
    var result = CheckResult(.hostNames)
    let texts = leaf.alternativeNames.map { $0.text }
    result.add("names", texts)
    result.add("hosts", expectations.hosts.map { $0.name })
    let identity = ServerIdentity(names: leaf.alternativeNames, commonName: leaf.commonName)
    for host in expectations.hosts
    where !identity.covers(host.name, version: expectations.version) {
      let isAddress = IPAddress(host.name) != nil
      result.problems.append(
        Problem(
          host.isNeeded ? expectations.severity : .warning,
          EnvironmentVariable.sslCert.name,
          "certificate \(quoted(leaf.subject)) does not cover host \(quoted(host.name))",
          detail: "\(host.reason) "
            + (texts.isEmpty
              ? "The certificate has no subjectAltName." : "It covers \(quotedList(texts))."),
          hint: "Reissue it with subjectAltName=\(isAddress ? "IP" : "DNS"):\(host.name)"
            + (isAddress ? ", or set CONNECT_BY=name." : ".")
        )
      )
    }
    return result
  }
}

extension String {
  /// Whether `pg_ident.conf` can hold the text as a name that means itself.
  fileprivate var isExactName: Bool { IdentMapping.SystemName(parsing: self) == .exactly(self) }
}

extension IdentMapping.SystemName {
  /// Whether a certificate with `commonName` has this name; nil when only PostgreSQL can tell.
  fileprivate func admits(_ commonName: String) -> Bool? {
    switch self {
    case .exactly(let name): return name == commonName
    case .matching(let pattern):
      do throws(RegularExpression.Fault) {
        return try RegularExpression(pattern).matches(commonName)
      } catch {
        return nil
      }
    }
  }
}

extension ServerIdentity.Name {
  /// The name as certificates are printed with.
  var text: String {
    switch self {
    case .dns(let bytes): String(decoding: bytes, as: UTF8.self)
    case .ip(let bytes): IPAddress(networkOrder: bytes)?.description ?? "an invalid address"
    }
  }
}
