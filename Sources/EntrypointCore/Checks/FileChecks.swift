import PostgresConfig

// Files: there, readable, PEM.
extension CertificateChecks {
  func authorityFile() -> CheckResult {
    guard !needsNoAuthority else {
      return .skipped(.authorityFile, because: "nobody verifies certificates in this mode")
    }
    var result = file(
      .authorityFile,
      facts.files.authority,
      .sslRootCert,
      content: "certificate",
      count: facts.authorities.count
    )
    if result.problems.isEmpty {
      result.add("subjects", facts.authorities.map { $0.subject })
    }
    return result
  }

  func certificateFile() -> CheckResult {
    var result = file(
      .certificateFile,
      facts.files.certificate,
      .sslCert,
      content: "certificate",
      count: facts.chain.count
    )
    if let leaf = facts.leaf { result.add("names", leaf.alternativeNames.map { $0.text }) }
    return result
  }

  func keyFile() -> CheckResult {
    var result = file(.keyFile, facts.files.key, .sslKey, content: "private key", count: nil)
    switch facts.key {
    case .encrypted:
      let path = facts.files.key.path
      result.problems.append(
        problem(
          .sslKey,
          "private key in file \(quoted(path)) is encrypted",
          detail: "Nobody is there to type the passphrase.",
          hint: "Mount it decrypted: openssl pkey -in \(name(of: path)) -out decrypted.key"
        )
      )
    case .open(let algorithm, _): result.add("algorithm", algorithm)
    case nil: break
    }
    return result
  }

  /// What holds for every file.
  func file(
    _ check: Check,
    _ file: FileFacts,
    _ variable: EnvironmentVariable,
    content: String,
    count: Int?
  ) -> CheckResult {
    var result = CheckResult(check)
    result.add("path", file.path)
    if let permissions = file.permissions {
      result.add("mode", permissions.modeText)
      result.add("owner", Int(permissions.owner))
      result.add("group", Int(permissions.group))
    }
    if let count, file.reading == .read { result.add("count", count) }
    if let problem = problem(with: file, variable, content: content) {
      result.problems.append(problem)
    }
    return result
  }

  private func problem(
    with file: FileFacts,
    _ variable: EnvironmentVariable,
    content: String
  ) -> Problem? {
    let path = quoted(file.path)
    switch file.reading {
    case .read: return nil
    case .missing:
      return problem(
        variable,
        "file \(path) does not exist",
        hint: content == "revocation list"
          ? "Mount the list, or unset \(variable.name)." : Self.mountHint
      )
    case .failed(let reason):
      return problem(
        variable,
        "could not read file \(path): \(reason)",
        detail: file.permissions.map {
          "It has \($0.sentence), and this process runs as user \(facts.user)."
        },
        hint: "Set fsGroup in the pod's securityContext, and defaultMode: 0640 on the volume."
      )
    case .empty:
      return problem(variable, "file \(path) is empty", hint: "Look into the Secret it comes from.")
    case .lacking(let labels, let isDER):
      let isList = content == "revocation list"
      return problem(
        variable,
        "file \(path) holds no \(content) in PEM format",
        detail: isDER
          ? "It looks like DER, the binary format, which PostgreSQL does not take."
          : labels.isEmpty
            ? "It holds no PEM block." : "It holds: \(labels.joined(separator: ", ")).",
        hint: isDER
          ? "Convert it: openssl \(isList ? "crl" : content == "certificate" ? "x509" : "pkey") "
            + "-inform DER -in \(name(of: file.path)) -out converted.pem"
          : "Mount the file that holds the \(content)."
      )
    case .binary:
      return problem(
        variable,
        "file \(path) holds null bytes",
        detail: "PEM is text, and programs differ in what they make of such a file.",
        hint: "Look at the file, which is damaged."
      )
    case .undecodable(let number, let reason):
      return problem(
        variable,
        "\(content) \(number) in file \(path) cannot be decoded",
        detail: "OpenSSL says: \(reason).",
        hint: "Look at the file, which is damaged or cut off."
      )
    }
  }

  private func name(of path: String) -> String {
    path.split(separator: "/").last.map { String($0) } ?? path
  }
}

extension FileFacts.Permissions {
  /// Octal, with a leading zero.
  var modeText: String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  var sentence: String { "mode \(modeText) and belongs to user \(owner), group \(group)" }
}
