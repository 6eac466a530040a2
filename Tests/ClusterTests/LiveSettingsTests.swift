import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// Settings change while applications work, and nobody notices but those that the change concerns.
  @Suite struct LiveSettings {
    private static let names = "*.alpha.default.svc.cluster.local"

    @Test func settingsChangeUnderLoad() throws {
      try TestBed.run { bed in
        let settings = try SettingsVolume(
          at: bed.network.directory + "/settings",
          ["PGSSLMODE": "verify-full"]
        )
        let rotation = try RotatingCluster(
          bed,
          members: 3,
          environment: ["SETTINGS_DIRECTORY": settings.path]
        )
        let live = LiveCluster(rotation.cluster, settings)
        let callers = try Callers(bed.client, leader: rotation.leader)
        let loads = try rotation.startLoad()
        let processes = try rotation.processes()

        try changeTheOperatorsSettings(live, callers)
        try changeWhoIsLetIn(live, callers, rotation)
        try changeTheNameOfNodes(live, rotation)

        for load in loads { try load.expectNoFailure() }
        live.expectPromptness()
        #expect(try rotation.processes() == processes)
        try live.cluster.switchover(from: live.cluster[0], to: live.cluster[1])
      }
    }

    private func changeTheOperatorsSettings(_ live: LiveCluster, _ callers: Callers) throws {
      func own(_ text: String) -> [String: String?] {
        ["PATRONI_CONFIGURATION": "postgresql:\n  \(text)\n"]
      }
      try live.change("a record", own("pg_hba: [hostssl all reader all reject]")) {
        try !callers.isLetIn("reader", by: $0)
      }
      try live.refuse(
        own("pg_hba: [hostssl all reader all cert clientcert=verify-ca]"),
        saying: "invalid record: clientcert=verify-ca cannot be combined with cert"
      )
      try live.change("no record, and a parameter", own("parameters: {work_mem: 7MB}")) {
        try callers.isLetIn("reader", by: $0) && $0.query("SHOW work_mem") == "7MB"
      }
      try live.refuse(own("parameters: {ssl: \"off\"}"), saying: "parameter ssl cannot be set here")
      try live.refuse(own("parameters: [work_mem"), saying: "PATRONI_CONFIGURATION:")
      try live.change("no parameter", ["PATRONI_CONFIGURATION": nil]) {
        try $0.query("SHOW work_mem") == "4MB"
      }
    }

    private func changeWhoIsLetIn(
      _ live: LiveCluster,
      _ callers: Callers,
      _ rotation: RotatingCluster
    ) throws {
      let node = rotation.outside.files
      for member in live.cluster.members { #expect(try callers.isLetIn("old", by: member)) }
      try live.refuse(["CLIENT_AUTH": "scram"], saying: "/CLIENT_AUTH: invalid value \"scram\"")
      try live.change("CLIENT_AUTH", ["CLIENT_AUTH": "scram-sha-256"]) {
        try !callers.isLetIn("old", by: $0) && callers.isLetIn("reader", by: $0)
      }

      for member in live.cluster.members { #expect(try callers.isNode(node, at: member)) }
      try live.refuse(
        ["NODE_ADDRESSES": "10.244.0.0/33"],
        saying: "/NODE_ADDRESSES: invalid value \"10.244.0.0/33\""
      )
      let addresses = ".alpha.default.svc.cluster.local"
      try live.change("NODE_ADDRESSES", ["NODE_ADDRESSES": addresses]) {
        try !callers.isNode(node, at: $0)
      }
      try rotation.expectNewConnections(showing: [rotation.secret.serial])

      guard let major = Installation.major, major < 16 else { return }
      try live.refuse(["NODE_APP_ROLES": ","], saying: "/NODE_APP_ROLES: holds no role")
      try live.change("NODE_APP_ROLES", ["NODE_APP_ROLES": "reader"]) {
        try $0.isLetIn(as: "reader", by: rotation.leader)
      }
    }

    /// The CN that nodes are known by, in three steps.
    private func changeTheNameOfNodes(_ live: LiveCluster, _ rotation: RotatingCluster) throws {
      let old = try rotation.secret.serial
      let next = try rotation.secret.copy(to: rotation.directory + "/next")
      try next.generate(cn: "next")
      try live.refuse(["NODE_CERT_NAMES": "/("], saying: "/NODE_CERT_NAMES: invalid regular expr")
      try rotation.expectRefused(next)

      let names = "\(Self.names),next"
      try live.change("both names", ["NODE_CERT_NAMES": names]) {
        try $0.query("SELECT pg_read_file('pg_ident.conf')").contains("next")
      }
      try rotation.publish(next)
      try rotation.expectNewConnections(showing: [next.serial])

      try live.refuse(["NODE_CERT_NAMES": "another"], saying: "NODE_CERT_NAMES")
      try live.change("the next name", ["NODE_CERT_NAMES": "next"]) {
        try !$0.query("SELECT pg_read_file('pg_ident.conf')").contains(Self.names)
      }
      try rotation.expectNewConnections(showing: [next.serial])
      #expect(try next.serial != old)
    }
  }
}

extension RotatingCluster {
  /// Brings `other` certificates to all pods, and waits until their servers show them and Patroni has
  /// read everything again, too.
  fileprivate func publish(_ other: SharedSecret) throws {
    let marks = members.map { $0.markLog() }
    for mount in secret.mounts { try other.publish(to: mount) }
    try waitForCertificate(shownBy: [.server])
    for (member, mark) in zip(members, marks) {
      try eventually("Patroni reads its file on \(member.name)") {
        try member.hasLogged("INFO: Reloading PostgreSQL configuration", since: mark)
      }
    }
  }

  /// Nodes with `other` certificates would not be known: all keep what they have.
  fileprivate func expectRefused(_ other: SharedSecret) throws {
    let marks = members.map { $0.markLog() }
    for mount in secret.mounts where mount !== outside { try other.publish(to: mount) }
    for (member, mark) in zip(members, marks) {
      try eventually("\(member.name) refuses the certificates") {
        try member.hasLogged("the new certificates are rejected", since: mark)
      }
      #expect(try member.hasLogged("entrypoint: error: ", "\"next\"", since: mark))
      #expect(try !member.hasLogged("received SIGHUP", since: mark))
    }
    for mount in secret.mounts { try secret.publish(to: mount) }
    try waitForCertificate(shownBy: [.server])
  }
}

extension Member {
  /// Whether this node logs in to another one with its certificate as a role that is none of Patroni's.
  fileprivate func isLetIn(as role: String, by other: Member) throws -> Bool {
    try run([
      "psql", "-XAtq", "-c", "SELECT 1", "-d",
      "host=\(other.host.names[0]) user=\(role) dbname=postgres sslmode=verify-full "
        + stagedFiles.connectionSettings,
    ]).exitCode == 0
  }
}
