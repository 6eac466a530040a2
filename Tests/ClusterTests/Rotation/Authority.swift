import Foundation
import TestSupport
import Testing

// The authority is replaced, in three steps that each reach one pod after the other.
extension RotatingMembers {
  /// A renewed certificate, then a new authority: nothing restarts, and no transaction of `load` fails.
  func rotate(under load: [Load], seed: UInt64) throws {
    let processes = try processes()
    try publishRenewed()
    try expectNewConnections(showing: [secret.serial])

    var random = SeededRandom(seed: seed)
    try replaceAuthority(&random)

    #expect(try self.processes() == processes)
    for pgbench in load { try pgbench.expectNoFailure() }
  }

  /// Takes all steps; pods get what is new in an order, and at times, that `random` chooses.
  private func replaceAuthority(_ random: inout some RandomNumberGenerator) throws {
    let old = try secret.serial
    try secret.generate("--rotate-ca")
    try spreadAuthorities(showing: [old], &random)

    try secret.generate("--use-new-ca")
    let new = try secret.serial
    try spread(showing: [old, new], &random)
    try waitForCertificate()

    try secret.generate("--finish-ca-rotation")
    try spreadAuthorities(showing: [new], &random)
  }

  /// Waits also until every member knows other authorities for the same certificate.
  private func spreadAuthorities(
    showing serials: Set<String>,
    _ random: inout some RandomNumberGenerator
  ) throws {
    let marks = members.map { $0.markLog() }
    let start = try members[0].query("SELECT clock_timestamp()")
    try spread(showing: serials, &random)
    for (member, mark) in zip(members, marks) {
      try eventually("\(member.name) knows the new authorities") {
        try member.hasLogged("note: PGSSLCERT: new CA certificates are in use", since: mark)
          && member.query("SELECT pg_conf_load_time() > '\(start)'") == "t"
      }
    }
    try expectNodesTalk(showing: serials)
  }

  private func spread(
    showing serials: Set<String>,
    _ random: inout some RandomNumberGenerator
  ) throws {
    for mount in secret.mounts.shuffled(using: &random) {
      try secret.publish(to: mount)
      Thread.sleep(forTimeInterval: .random(in: 0...2, using: &random))
      try expectNodesTalk(showing: serials)
    }
  }

  /// Nodes get through to each other on new connections: servers as such, and Patroni to Patroni,
  /// in its own cluster and from there to the coordinator's.
  private func expectNodesTalk(showing serials: Set<String>) throws {
    try expectNewConnections(showing: serials)
    let coordinators = clusters[0]
    for cluster in clusters {
      let partners = cluster.members + (cluster === coordinators ? [] : [coordinators[0]])
      for member in cluster.members {
        for partner in partners where partner !== member {
          // Patroni closes its socket for a moment when it reads new certificates.
          try eventually("\(member.name) gets an answer from \(partner.name)") {
            let answer = try member.askRESTAPI(of: partner)
            guard answer.output == "200" else { throw Failure(answer) }
            return true
          }
        }
      }
    }
  }
}

extension Member {
  /// Asks as Patroni does, with the certificate in use, and returns the status.
  fileprivate func askRESTAPI(of other: Member) throws -> CommandResult {
    let files = stagedFiles
    return try run([
      "curl", "--silent", "--show-error", "--max-time", "10", "--output", "/dev/null",
      "--write-out", "%{http_code}",
      "--cacert", files.authority, "--cert", files.certificate,
      "--key", files.key, "https://\(other.restAddress):8008/patroni",
    ])
  }
}
