import PostgresConfig

/// Whether a new set of certificates is taken into use.
public struct CertificateUpdate: Sendable {
  /// What the checks have found.
  public let faults: [Problem]
  /// What becomes of the set.
  public let conclusion: Problem
  /// Whether the set is taken.
  public let isAccepted: Bool
  /// For how long that holds.
  public let judgement: Judgement

  /// Everything that there is to say about the set.
  public var problems: [Problem] { faults + [conclusion] }

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
    faults = CertificateChecks.results(facts, strict, now: now).flatMap { $0.problems }
    isAccepted = !faults.contains { $0.severity == .error }
    judgement = Judgement(of: facts, at: now)
    conclusion = isAccepted ? .accepted(facts.leaf, replacing: old) : .refused(judgement)
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
        ? "new CA certificates are in use" : "a new certificate is in use",
      detail: new.map {
        "Serial \($0.serial), valid until \(timestamp($0.notAfter)); "
          + "the previous serial was \(old?.serial ?? "none")."
      }
    )
  }

  fileprivate static func refused(_ judgement: Judgement) -> Problem {
    let beginning = judgement.nextBeginning.map { ", and on \(timestamp($0))" }
    return Problem(
      .warning,
      EnvironmentVariable.sslCert.name,
      "the new certificates are rejected, and the old ones remain in use",
      hint: "Correct the Secret; it is checked again when it changes\(beginning ?? "")."
    )
  }
}
