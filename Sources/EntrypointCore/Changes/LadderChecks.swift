import PatroniConfig
import PostgresConfig

extension Settings {
  /// Warns when nodes that have changed to these settings and nodes that have not will not let each other in.
  func warnings(after last: LastLogins) -> [Problem] {
    var warnings: [Problem] = []
    let modes = tls.mode.steps(between: last.modes, on: SSLMode.ladder)
    if !modes.isEmpty {
      warnings.append(.leavesOut(modes, .sslMode, from: last.modes, to: tls.mode))
    }
    if let before = last.nodeAuth {
      let passwords = nodes.auth.passwords ?? before.passwords ?? .scramSHA256
      let steps = nodes.auth.steps(between: [before], on: NodeAuth.ladder(passwords))
      if !steps.isEmpty {
        warnings.append(.leavesOut(steps, .nodeAuth, from: [before], to: nodes.auth))
      }
    }
    let verified = !last.modes.isEmpty && last.modes.allSatisfy { $0.verifiesServer }
    if last.hasOwnCertificate, tls.mode.verifiesServer {
      warnings.append(.selfSignedBefore(tls.mode))
    } else if verified, certificatesInUse == .selfSigned {
      warnings.append(.selfSignedFromNowOn)
    }
    return warnings
  }
}

extension Problem {
  fileprivate static func leavesOut<Step: LadderStep>(
    _ steps: [Step],
    _ variable: EnvironmentVariable,
    from last: [Step],
    to next: Step
  ) -> Problem {
    let settings = steps.map { "\(variable.name)=\($0.word)" }
    return Problem(
      .warning,
      variable.name,
      "changes from \(last.map { $0.word }.joined(separator: " or ")) to \(next.word) and skips "
        + steps.map { $0.word }.joined(separator: " and "),
      detail:
        "Until all members have changed, members with the old setting and those with the new one "
        + "may reject each other's connections.",
      hint: "Set \(settings.joined(separator: " on all members, then ")) on all members, and "
        + "\(variable.name)=\(next.word) after that; see docs/CHANGES.md."
    )
  }

  fileprivate static func selfSignedBefore(_ mode: SSLMode) -> Problem {
    Problem(
      .warning,
      EnvironmentVariable.sslMode.name,
      "changes to \(mode.rawValue) on a server that used a self-signed certificate",
      detail: "Members with the new setting reject those with the old one.",
      hint:
        "Mount the certificates with PGSSLMODE=require on all members first; see docs/CHANGES.md."
    )
  }

  fileprivate static let selfSignedFromNowOn = Problem(
    .warning,
    EnvironmentVariable.sslCert.name,
    "a self-signed certificate replaces one that other members verify",
    detail: "Members with the old setting reject this one.",
    hint: "Keep the certificates mounted until no member verifies them; see docs/CHANGES.md."
  )
}
