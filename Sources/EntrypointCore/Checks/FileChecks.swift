import PostgresConfig

// Files: there, readable, PEM.
extension CertificateChecks {
  func authorityFile() -> CheckResult {
    guard !needsNoAuthority else {
      return .skipped(.authorityFile, because: "certificates are not verified in this mode")
    }
    var result = file(
      .authorityFile,
      facts.files.authority,
      .sslRootCert,
      content: .certificate,
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
      content: .certificate,
      count: facts.chain.count
    )
    if let leaf = facts.leaf { result.add("names", leaf.alternativeNames.map { $0.text }) }
    result.problems += problemsWithLoading
    return result
  }

  func keyFile() -> CheckResult {
    var result = file(.keyFile, facts.files.key, .sslKey, content: .key, count: nil)
    switch facts.key {
    case .encrypted:
      let path = facts.files.key.path
      result.problems.append(
        problem(
          .sslKey,
          "private key in file \(quoted(path)) is encrypted",
          detail: "PostgreSQL cannot ask for the passphrase.",
          hint: "Mount it decrypted: openssl pkey -in \(fileName(path)) -out decrypted.key"
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
    content: FileContent,
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
    content: FileContent
  ) -> Problem? {
    let path = quoted(file.path)
    switch file.reading {
    case .read: return nil
    case .missing:
      return problem(
        variable,
        "file \(path) does not exist",
        hint: content == .revocationList
          ? "Mount the list, or unset \(variable.name)." : Self.mountHint
      )
    case .directory:
      return problem(
        variable,
        "\(path) is a directory",
        detail:
          "Kubernetes creates one for a subPath that is not a key of the Secret, and Docker "
          + "creates one for a file that does not exist.",
        hint:
          "Name a file, and compare subPath with the keys of the Secret: kubectl describe secret "
          + "NAME"
      )
    case .failed(let reason):
      return problem(
        variable,
        "could not read file \(path): \(reason)",
        detail: file.permissions.map {
          "It has \($0.sentence), and this process runs as user \(facts.user)."
        },
        hint: "Set fsGroup in the pod's securityContext, and defaultMode: 0440 on the volume."
      )
    case .empty:
      return problem(
        variable,
        "file \(path) is empty",
        hint: "Check the Secret that it comes from."
      )
    case .lacking(let labels, let format):
      let what =
        format?.description(in: file.path, expecting: content)
        ?? ForeignLabel.description(of: labels, in: file.path, expecting: content)
      return problem(
        variable,
        "file \(path) holds no \(content.rawValue) in PEM format",
        detail: what?.detail
          ?? (labels.isEmpty
            ? "It holds no PEM block." : "It holds: \(labels.joined(separator: ", "))."),
        hint: what?.hint ?? "Mount the file that holds the \(content.rawValue)."
      )
    case .binary:
      return problem(
        variable,
        "file \(path) holds null bytes",
        detail: "PEM is text, and programs differ in how they read such a file.",
        hint: "Replace the file; it is damaged."
      )
    case .undecodable(let number, let reason):
      return problem(
        variable,
        "\(content.rawValue) \(number) in file \(path) cannot be decoded",
        detail: "OpenSSL reports: \(reason).",
        hint: content == .key && reason == "unsupported"
          ? "Check the file: it is damaged, or its key is not RSA, ECDSA, Ed25519 or Ed448."
          : "Check the file: it is damaged or truncated."
      )
    }
  }

}

/// A mode in four digits or more.
func octal(_ mode: UInt32) -> String {
  let digits = String(mode, radix: 8)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

extension FileFacts.Permissions {
  var modeText: String { octal(mode) }

  var sentence: String { "mode \(modeText) and belongs to user \(owner), group \(group)" }
}
