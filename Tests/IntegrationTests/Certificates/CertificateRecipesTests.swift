import Foundation
import TestSupport
import Testing

/// What people get who follow the documents: the program takes it, and so do PostgreSQL and libpq.
@Suite(.serialized) struct CertificateRecipesTests {
  private let judge: TLSJudge

  init() throws { judge = try TLSJudge() }

  @Test func theScriptMakesWhatWorks() throws {
    try run(
      "CLUSTER_NAME=citusdemo NAMESPACE=default OUTPUT_DIR=certs "
        + Repository.root + "/scripts/generate-ssl-certs.sh"
    )
    try expectWorking(judge.directory.path + "/certs")
  }

  @Test func theDocumentedCommandsMakeWhatWorks() throws {
    let document = try String(
      contentsOfFile: Repository.root + "/docs/SSL_SETUP.md",
      encoding: .utf8
    )
    let section = try #require(document.components(separatedBy: "### By hand\n").last)
    let commands = section.components(separatedBy: "```")[1]
    #expect(commands.hasPrefix("bash\nmkdir -p certs"))
    let said = try run(String(commands.dropFirst("bash\n".count)))
    // The last two commands of the recipe look at what came of it.
    #expect(said.hasSuffix("server.crt: OK\nserver.crt: OK\n"))
    try expectWorking(judge.directory.path + "/certs")
  }

  /// A Secret of cert-manager's as the kubelet mounts it, with what it gives a certificate whose
  /// resource names `usages: [server auth, client auth]`: an RSA key in PKCS#1, an authority beside it.
  @Test func certManagerMakesWhatWorks() throws {
    var draft = CertificateDraft()
    draft.leafKey = KeyRing.rsa
    draft.leaf.commonNames = ["*.citusdemo.default.svc.cluster.local"]
    draft.leaf.names = "DNS:*.citusdemo.default.svc.cluster.local,DNS:localhost"
    draft.leaf.keyUsage = "critical,digitalSignature,keyEncipherment"
    draft.edit { folder, _ in
      folder.key?.text = KeyRing.rsa.traditional
      folder.isMounted = true
      folder.key?.owner = "root:postgres"
      folder.key?.mode = 0o440
    }
    let folder = judge.directory.path + "/mounted"
    try draft.folder().write(to: folder)
    try expectAccepted(folder)
  }

  /// Mounts what a recipe made where a Secret would be, by the names that the judge knows.
  private func expectWorking(_ made: String) throws {
    let folder = try judge.directory.makeDirectory("set")
    for (from, to) in [("ca.crt", "ca.crt"), ("server.crt", "tls.crt"), ("server.key", "tls.key")] {
      try Command.output([
        "install", "-o", "root", "-g", "postgres", "-m", "0440", "\(made)/\(from)",
        "\(folder)/\(to)",
      ])
    }
    try expectAccepted(folder)
  }

  private func expectAccepted(_ folder: String) throws {
    let check = try judge.check([
      "PATRONI_SCOPE": "citusdemo", "PATRONI_NAME": "citusdemo-0-0", "POD_NAMESPACE": "default",
      "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLMODE": "verify-full",
      "CITUS_GROUP": "0", "CERTIFICATE_RELOAD": "off", "PGSSLROOTCERT": folder + "/ca.crt",
      "PGSSLCERT": folder + "/tls.crt", "PGSSLKEY": folder + "/tls.key",
    ])
    #expect(check.exitCode == 0)
    #expect(check.output.hasSuffix("14 checks: 13 ok, 1 skipped\n"), "\(check.output)")
    let name = "*.citusdemo.default.svc.cluster.local"
    let judged = try judge.verdict(
      on: folder,
      hasRevocationList: false,
      hba: ["hostssl all postgres all cert map=cnmap"],
      ident: ["cnmap \"\(name)\" postgres"],
      hosts: ["citusdemo-0-0.citusdemo.default.svc.cluster.local", "localhost"]
    )
    #expect(judged.isAccepted, "\(judged.words)")
  }

  @discardableResult
  private func run(_ commands: String) throws -> String {
    let result = try Command.run(
      ["bash", "-e", "-o", "pipefail", "-c", commands],
      environment: ["PATH": "/usr/bin:/bin"],
      directory: judge.directory.path
    )
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    return result.output
  }
}
