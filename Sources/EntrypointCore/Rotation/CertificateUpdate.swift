import PostgresConfig

/// Whether a new set of certificates is taken into use.
public struct CertificateUpdate: Sendable {
  /// Everything that there is to say about the set.
  public let problems: [Problem]
  /// Whether the set is taken.
  public let isAccepted: Bool

  /// Judges what was found, by the checks of a start.
  ///
  /// Where a start only warns, because connections are not verified, a faulty set is refused all the
  /// same: the old one works.
  public init(
    _ facts: CertificateFacts,
    replacing old: Certificate?,
    _ expectations: CertificateExpectations,
    now: Int
  ) {
    var strict = expectations
    strict.isStrict = true
    let found = CertificateChecks.results(facts, strict, now: now).flatMap { $0.problems }
    isAccepted = !found.contains { $0.severity == .error }
    problems = found + [isAccepted ? .accepted(facts.leaf, replacing: old) : .refused(facts)]
  }
}

extension Problem {
  fileprivate static func accepted(
    _ new: Certificate?,
    replacing old: Certificate?
  ) -> Problem {
    Problem(
      .note,
      EnvironmentVariable.sslCert.name,
      new?.serial == old?.serial
        ? "new certificate authorities are in use" : "a new certificate is in use",
      detail: new.map {
        "Serial \($0.serial), valid until \(timestamp($0.notAfter)); "
          + "before it was \(old?.serial ?? "none")."
      }
    )
  }

  fileprivate static func refused(_ facts: CertificateFacts) -> Problem {
    Problem(
      .warning,
      EnvironmentVariable.sslCert.name,
      "the new certificates are refused, and the old ones stay in use",
      hint: "Correct the Secret; it is looked at again when it changes."
    )
  }
}

/// Says in time that the certificate ends.
public struct ExpiryReminder: Sendable {
  private static let secondsOfDay = 86_400
  private static let days = [1, 7, 14, 30]
  private var lastLook: Int?
  private var lastStage: Int?

  /// Nothing was said yet.
  public init() {}

  /// A warning when the certificate has come 30, 14 or 7 days near its end, and on every day from the
  /// last one on; looks once a day.
  ///
  /// - Parameter now: seconds since 1970.
  public mutating func reminder(of certificate: Certificate?, now: Int) -> Problem? {
    if let lastLook, now < lastLook + Self.secondsOfDay { return nil }
    lastLook = now
    guard let certificate else { return nil }
    let left = certificate.notAfter - now
    let stage = Self.days.first { left <= $0 * Self.secondsOfDay }
    defer { lastStage = stage }
    guard let stage, stage != lastStage || stage == 1 else { return nil }
    let expired = left <= 0
    return Problem(
      .warning,
      EnvironmentVariable.sslCert.name,
      expired
        ? "certificate \(quoted(certificate.subject)) has expired"
        : "certificate \(quoted(certificate.subject)) expires in \(left / Self.secondsOfDay) days",
      detail: "\(expired ? "That was on" : "That is on") \(timestamp(certificate.notAfter)).",
      hint: "Renew the certificate; it is taken into use without a restart."
    )
  }
}
