import EntrypointCore
import Foundation
import TestSupport
import Testing

/// The certificate that the program makes where none is mounted, and nobody verifies it.
@Suite struct OwnCertificateTests {
  private let home: TemporaryDirectory
  private var certificate: String { home.path + "/.postgresql-tls/self-signed.pem" }

  init() throws {
    home = try TemporaryDirectory()
    try home.writeScript("patroni", "#!/bin/sh\necho started\n")
  }

  private func run(_ words: [String], adding: [String: String] = [:]) throws -> CommandResult {
    try Command.run(
      [Repository.releaseBinary] + words,
      environment: [
        "PATH": "\(home.path):/usr/bin:/bin", "HOME": home.path, "PATRONI_SCOPE": "demo",
        "PATRONI_NAME": "one", "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379",
        "PATRONI_SUPERUSER_PASSWORD": "Sup3r-pw", "PATRONI_REPLICATION_PASSWORD": "R3pl-pw",
        "PGSSLCERT": home.path + "/none.crt", "PGSSLKEY": home.path + "/none.key",
      ].merging(adding) { $1 }
    )
  }

  private func start(_ adding: [String: String] = [:]) throws {
    let result = try run(["--output", home.path + "/patroni.yml"], adding: adding)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output == "started\n")
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  private func content() throws -> String {
    try String(contentsOfFile: certificate, encoding: .utf8)
  }

  @Test func isForThisMember() throws {
    try start()
    let text = try Command.output(["openssl", "x509", "-in", certificate, "-noout", "-text"])
    for expected in [
      "Issuer: CN = one", "Subject: CN = one", "ASN1 OID: prime256v1",
      "X509v3 Basic Constraints: critical\n                CA:FALSE\n",
      "X509v3 Key Usage: critical\n                Digital Signature\n",
      "X509v3 Extended Key Usage: \n                TLS Web Server Authentication\n",
      "DNS:one, DNS:one.demo.default.svc.cluster.local, DNS:localhost, IP Address:192.0.2.1, "
        + "IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
    ] {
      #expect(text.contains(expected), "\(text)")
    }
    let year = try Command.run([
      "openssl", "x509", "-in", certificate, "-noout", "-checkend", "\(364 * 86_400)",
    ])
    #expect(year.exitCode == 0)
    let more = try Command.run([
      "openssl", "x509", "-in", certificate, "-noout", "-checkend", "\(366 * 86_400)",
    ])
    #expect(more.exitCode == 1)
  }

  /// What is longer than 127 and than 255 bytes has another form in DER.
  @Test(arguments: [10, 45, 63]) func hasLongNames(_ length: Int) throws {
    let name = String(repeating: "n", count: length)
    let namespace = String(repeating: "s", count: length)
    try start(["PATRONI_NAME": name, "POD_NAMESPACE": namespace])
    let text = try Command.output(["openssl", "x509", "-in", certificate, "-noout", "-text"])
    let host = "\(name).demo.\(namespace).svc.cluster.local"
    #expect(text.contains("DNS:\(name), DNS:\(host), DNS:localhost, IP Address:"), "\(text)")
  }

  @Test func isItsOwnersAlone() throws {
    try start()
    #expect(try mode(certificate) == 0o600)
    #expect(try mode(home.path + "/.postgresql-tls") == 0o700)
    let names = try FileManager.default.contentsOfDirectory(atPath: home.path + "/.postgresql-tls")
    #expect(names == ["self-signed.pem"])
  }

  @Test func staysWhenItIsGood() throws {
    try start()
    let first = try content()
    try start()
    #expect(try content() == first)
  }

  @Test func isMadeAnewForAnotherAddressAndAfterDamage() throws {
    try start()
    let first = try content()
    try start(["POD_IP": "192.0.2.2"])
    let second = try content()
    #expect(second != first)
    try String(second.dropLast(40)).write(toFile: certificate, atomically: false, encoding: .utf8)
    try start(["POD_IP": "192.0.2.2"])
    let third = try content()
    #expect(third != second)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: certificate)
    try start(["POD_IP": "192.0.2.2"])
    #expect(try content() != third)
    #expect(try mode(certificate) == 0o600)
  }

  @Test func isOnlyNamedInADryRun() throws {
    let result = try run(["--dry-run"])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("/.postgresql-tls/self-signed.pem'\n"))
    #expect(!FileManager.default.fileExists(atPath: home.path + "/.postgresql-tls"))
  }

  @Test func cannotBeMadeWhereNobodyMayWrite() throws {
    try home.write(".postgresql-tls", "a file")
    let result = try run(["--output", home.path + "/patroni.yml"])
    #expect(result.exitCode == 73)
    #expect(
      result.errors.contains(
        "entrypoint: error: \(certificate): could not create a self-signed certificate: "
          + "open failed on \(home.path)/.postgresql-tls: Not a directory\n"
      )
    )
    #expect(!FileManager.default.fileExists(atPath: home.path + "/patroni.yml"))
  }

  @Test func isGoodEnoughForPostgreSQL() throws {
    try start()
    let judge = try TLSJudge()
    let folder = try judge.directory.makeDirectory("own")
    for name in ["tls.crt", "tls.key", "ca.crt"] {
      try Command.output(["cp", certificate, folder + "/" + name])
      try Command.output(["chown", "postgres:postgres", folder + "/" + name])
    }
    let verdict = try judge.verdict(
      on: folder,
      hasRevocationList: false,
      hba: ["hostssl all all all trust"],
      ident: [],
      hosts: ["localhost", "one.demo.default.svc.cluster.local", "192.0.2.1"],
      showsCertificate: false
    )
    #expect(verdict.isAccepted, "\(verdict.words)")
  }
}
