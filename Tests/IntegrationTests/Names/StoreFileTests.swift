import EntrypointSystem
import TestSupport
import Testing

@testable import EntrypointCore

/// TLS files of a store; Python, which Patroni loads them with, is the judge.
@Suite struct StoreFileTests {
  private struct Files {
    var authority: String?
    var certificate: String?
    var key: String?
  }

  private static func files() throws -> [(name: String, files: Files)] {
    let authority = try TestCertificate(.authority("authority"), key: TestKey(.p256))
    let made = try TestCertificate(CertificateRecipe(), key: TestKey(.p256), issuer: authority)
    let (certificate, key) = (made.pem, made.key.pkcs8)
    let good = Files(authority: authority.pem, certificate: certificate, key: key)
    func with(_ change: (inout Files) throws -> Void) rethrows -> Files {
      var files = good
      try change(&files)
      return files
    }
    return [
      ("good", good), ("authority alone", Files(authority: authority.pem)),
      ("both in one file", Files(certificate: certificate + key)),
      ("key first in one file", Files(certificate: key + certificate)),
      ("certificate alone", Files(certificate: certificate)),
      ("swapped", Files(certificate: key, key: certificate)),
      ("key as authority", with { $0.authority = key }),
      ("empty authority", with { $0.authority = "" }),
      ("text as authority", with { $0.authority = "no PEM\n" }),
      ("two certificates", with { $0.key = certificate }),
      ("indented", with { $0.certificate = " " + certificate }),
      ("byte order mark", with { $0.certificate = "\u{feff}" + certificate }),
      (
        "Windows",
        with { $0.key = key.split(separator: "\n").map { $0 + "\r\n" }.joined() }
      ),
      ("text before", with { $0.authority = "subject=x\n" + authority.pem }),
      ("encrypted", try with { $0.key = try made.key.encrypted(isTraditional: false) }),
      ("encrypted of old", try with { $0.key = try made.key.encrypted(isTraditional: true) }),
      (
        "encrypted in one file",
        Files(certificate: try certificate + made.key.encrypted(isTraditional: false))
      ),
    ]
  }

  private static let script = """
    import ssl, sys
    authority, certificate, key = sys.argv[1:]
    def no_pass_phrase():
        raise ValueError("encrypted")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if authority:
            context.load_verify_locations(authority)
        if certificate:
            context.load_cert_chain(certificate, key or None, no_pass_phrase)
        print("yes")
    except (OSError, ValueError):
        print("no")
    """

  @Test func pythonLoadsWhatIsTakenAndNothingElse() throws {
    var verdicts: Set<Bool> = []
    for (name, files) in try Self.files() {
      let directory = try TemporaryDirectory()
      func path(_ file: String, _ text: String?) throws -> String? {
        try text.map { try directory.write(file, $0) }
      }
      let paths = (
        try path("ca", files.authority), try path("cert", files.certificate),
        try path("key", files.key)
      )
      let isTaken = try Command.output(
        [Repository.virtualEnvironment + "/bin/python", "-c", Self.script]
          + [paths.0 ?? "", paths.1 ?? "", paths.2 ?? ""]
      )
      verdicts.insert(isTaken == "yes\n")
      var entries = [
        "PATRONI_SCOPE=x", "POD_NAME=x-0", "POD_IP=10.0.0.1", "PGSSLMODE=disable",
        "NODE_AUTH=trust", "NODE_ADDRESSES=10.0.0.0/8", "PATRONI_ETCD3_HOSTS=e",
        "PATRONI_ETCD3_PROTOCOL=https", "PATRONI_POSTGRESQL_DATA_DIR=\(directory.path)/data",
      ]
      for (key, path) in [("CACERT", paths.0), ("CERT", paths.1), ("KEY", paths.2)] {
        if let path { entries.append("PATRONI_ETCD3_\(key)=\(path)") }
      }
      let environment = Environment(entries: entries.map { Array($0.utf8) })
      let found = Settings.read(environment, .gather(for: environment), needsStore: true).problems
        .filter { $0.severity == .error }
      #expect(found.isEmpty == (isTaken == "yes\n"), "\(name): \(found.map { $0.text })")
    }
    #expect(verdicts == [true, false])
  }
}
