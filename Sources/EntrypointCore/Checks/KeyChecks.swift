// The key: whom it belongs to, in both senses.
extension CertificateChecks {
  /// PostgreSQL takes a key of its own user that nobody else may touch, or one of root's that its
  /// group may read; libpq takes the same.
  ///
  /// See <https://www.postgresql.org/docs/current/ssl-tcp.html#SSL-SETUP>.
  func keyPermissions() -> CheckResult {
    let file = facts.files.key
    guard let permissions = file.permissions, file.reading != .directory else {
      return .skipped(.keyPermissions, because: "the key file cannot be found")
    }
    var result = CheckResult(.keyPermissions)
    result.add("mode", permissions.modeText)
    result.add("owner", Int(permissions.owner))
    result.add("group", Int(permissions.group))
    result.add("user", Int(facts.user))
    if expectations.areCopied { return result }
    let path = quoted(file.path)
    let allowed: UInt32
    switch permissions.owner {
    case facts.user: allowed = 0o700
    case 0: allowed = 0o740
    default:
      result.problems.append(
        problem(
          .sslKey,
          "private key file \(path) belongs to user \(permissions.owner)",
          detail: "PostgreSQL accepts a key of root or of the user that it runs as, which is "
            + "\(facts.user) here.",
          hint: "Mount it from a Secret, whose files belong to root."
        )
      )
      return result
    }
    guard permissions.mode & 0o777 & ~allowed != 0 else { return result }
    let isOwn = permissions.owner == facts.user
    result.problems.append(
      problem(
        .sslKey,
        "private key file \(path) has group or world access",
        detail: "It has \(permissions.sentence). PostgreSQL accepts 0600 or less when it runs as "
          + "the file's owner, and 0640 or less when root owns it.",
        hint: isOwn
          ? "Set its mode to 0600." : "Set defaultMode: 0440 on the volume, and fsGroup in the pod."
      )
    )
    return result
  }

  func keyMatch() -> CheckResult {
    guard let leaf = facts.leaf, leaf.weakness != .unusableKey,
      case .open(let algorithm, let fits) = facts.key
    else { return .skipped(.keyMatch, because: "the certificate or the key cannot be read") }
    var result = CheckResult(.keyMatch)
    result.add("certificate", leaf.keyAlgorithm)
    result.add("key", algorithm)
    guard !fits.contains(0) else {
      if let problem = problem(withUseOf: leaf) { result.problems.append(problem) }
      return result
    }
    let certificatePath = quoted(facts.files.certificate.path)
    if let index = fits.first {
      result.problems.append(
        problem(
          .sslCert,
          "certificate \(index + 1) in file \(certificatePath) belongs to the key, but must be "
            + "the first",
          detail: "The first one is \(quoted(leaf.subject)).",
          hint: "Put the node's certificate first, then the one that signed it, and so on."
        )
      )
    } else {
      result.problems.append(
        problem(
          .sslKey,
          "private key in file \(quoted(facts.files.key.path)) does not belong to certificate "
            + "\(quoted(leaf.subject)) in file \(certificatePath)",
          detail: leaf.keyAlgorithm == algorithm
            ? "Both are \(algorithm)."
            : "The key is \(algorithm), and the certificate's is \(leaf.keyAlgorithm).",
          hint: "Mount a certificate and a key that belong together."
        )
      )
    }
    return result
  }

  /// Why no connection works with the key, although it fits.
  private func problem(withUseOf leaf: Certificate) -> Problem? {
    if let curve = leaf.curve {
      guard !Self.curves.contains(curve) else { return nil }
      return problem(
        .sslCert,
        "certificate \(quoted(leaf.subject)) has a key on curve \(curve), which TLS connections "
          + "do not use",
        detail: "OpenSSL accepts P-256, P-384 and P-521.",
        hint: "Reissue it with a P-256 key."
      )
    }
    if leaf.hasRestrictedKey {
      return problem(
        .sslCert,
        "certificate \(quoted(leaf.subject)) has an RSA-PSS key whose restrictions TLS cannot meet",
        detail:
          "TLS signs with SHA-256, SHA-384 or SHA-512 and a salt of the same length.",
        hint: "Reissue it with an unrestricted key: openssl genpkey -algorithm RSA"
      )
    }
    guard leaf.keyAlgorithm.hasPrefix("DSA") else { return nil }
    return problem(
      .sslCert,
      "certificate \(quoted(leaf.subject)) has a DSA key, which TLS connections do not use",
      hint: "Reissue it with an RSA or P-256 key."
    )
  }

  /// The curves that OpenSSL offers when nobody chooses others; PostgreSQL and libpq choose none.
  ///
  /// See SSL_CTX_set1_groups(3).
  private static let curves = ["prime256v1", "secp384r1", "secp521r1"]
}
