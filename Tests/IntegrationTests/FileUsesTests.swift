import EntrypointCore
import EntrypointSystem
import Foundation
import TestSupport
import Testing

/// Real files, links and directories: what is read is never what is written.
@Suite struct FileUsesTests {
  private let directory: TemporaryDirectory
  private var root: String { directory.path }

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func said(
    _ variables: [String: String],
    output: String = "patroni.yml",
    certificates: CertificateFiles<String>? = nil
  ) -> [String] {
    let entries = variables.map { Array("\($0)=\(root)/\($1)".utf8) }
    let uses = FileUses(
      for: Environment(entries: entries),
      output: root + "/" + output,
      home: root + "/home",
      certificates: certificates
    )
    return uses.problems { FileIdentity($0) }.map {
      $0.text.split(separator: root).joined(separator: "ROOT")
    }
  }

  private func link(_ name: String, to other: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: root + "/" + name,
      withDestinationPath: root + "/" + other
    )
  }

  @Test func theOperatorsFileIsNotOverwritten() throws {
    try directory.write("own.yml", "a: b\n")
    #expect(
      said(["PATRONI_CONFIGURATION_FILE": "own.yml"], output: "own.yml") == [
        """
        entrypoint: error: PATRONI_CONFIGURATION_FILE: file "ROOT/own.yml" is the one that is written as patroni.yml
          hint: Name another file.

        """
      ]
    )
    #expect(said(["PATRONI_CONFIGURATION_FILE": "own.yml"]) == [])
  }

  @Test func linksAndDirectoriesMakeNoDifference() throws {
    try directory.write("own.yml", "a: b\n")
    try link("symbolic.yml", to: "own.yml")
    try FileManager.default.linkItem(atPath: root + "/own.yml", toPath: root + "/hard.yml")
    try link("elsewhere", to: "")
    for output in ["symbolic.yml", "hard.yml", "elsewhere/own.yml", "./own.yml"] {
      let said = said(["PATRONI_CONFIGURATION_FILE": "own.yml"], output: output)
      #expect(said.count == 1)
      #expect(
        said.first?.contains(
          "file \"ROOT/own.yml\" is the one that is written as patroni.yml\n"
            + "  detail: \"ROOT/\(output)\" leads to it."
        ) == true
      )
    }
  }

  @Test func aDirectoryOfSettingsIsNotWrittenTo() throws {
    #expect(
      said(["PATRONI_CONFIGURATION_FILE": ""]) == [
        """
        entrypoint: error: PATRONI_CONFIGURATION_FILE: directory "ROOT/" is where patroni.yml is written
          detail: The next start would read it as the operator's own settings.
          hint: Use another directory for these, or write patroni.yml elsewhere with --output.

        """
      ]
    )
    #expect(said(["PATRONI_CONFIGURATION_FILE": ""], output: "patroni.txt") == [])
  }

  @Test func theDirectoryOfSettingsIsNotWrittenTo() throws {
    try directory.makeDirectory("settings")
    try directory.write("settings/CLIENT_AUTH", "md5")
    var environment = Environment(entries: [Array("SETTINGS_DIRECTORY=\(root)/settings".utf8)])
    environment.add(try #require(SettingsDirectory.read(for: environment)))
    for (output, isThere) in [("settings/patroni.txt", true), ("patroni.yml", false)] {
      let uses = FileUses(
        for: environment,
        output: root + "/" + output,
        home: root,
        certificates: nil
      )
      let subjects = uses.problems { FileIdentity($0) }.map { $0.subject }
      #expect(subjects == (isThere ? ["SETTINGS_DIRECTORY"] : []))
    }
  }

  @Test func everyFileThatIsReadCounts() throws {
    for name in ["secret", "ca", "certificate", "key", "list", "store"] {
      try directory.write(name, "x")
    }
    try directory.makeDirectory("home")
    try directory.write("home/.pgpass", "x")
    let certificates = CertificateFiles(
      authority: root + "/ca",
      certificate: root + "/certificate",
      key: root + "/key",
      revocationList: root + "/list"
    )
    for (output, subject) in [
      ("ca", "PGSSLROOTCERT"), ("certificate", "PGSSLCERT"), ("key", "PGSSLKEY"),
      ("list", "PGSSLCRL"),
    ] {
      let said = said([:], output: output, certificates: certificates)
      #expect(said.count == 1 && said[0].hasPrefix("entrypoint: error: \(subject): file"))
    }
    for (name, path) in [
      ("PATRONI_SUPERUSER_PASSWORD_FILE", "secret"), ("PATRONI_ETCD3_CACERT", "store"),
      ("NODE_PASSFILE", "secret"),
    ] {
      let said = said([name: path], output: path)
      #expect(said.count == 1 && said[0].hasPrefix("entrypoint: error: \(name): file"))
    }
    let passfile = said(["NODE_PASSFILE": "home/.pgpass"])
    #expect(passfile.count == 1)
    #expect(passfile.first?.contains("is written as the copy of NODE_PASSFILE") == true)
    let patronis = said(["PATRONI_POSTGRESQL_PGPASS": "secret", "NODE_PASSFILE": "secret"])
    #expect(patronis.count == 1)
    #expect(patronis.first?.contains("is written as PATRONI_POSTGRESQL_PGPASS") == true)
  }

  @Test func copiesOfCertificatesAreNotReadAgain() throws {
    try directory.makeDirectory(".postgresql-tls/1")
    try directory.write(".postgresql-tls/1/server.crt", "x")
    try link(".postgresql-tls/current", to: ".postgresql-tls/1")
    let certificates = CertificateFiles(
      authority: "/none",
      certificate: root + "/.postgresql-tls/1/server.crt",
      key: "/none",
      revocationList: nil
    )
    let said = said([:], certificates: certificates)
    #expect(said.count == 1)
    #expect(said.first?.contains("is written as a copy of the certificates") == true)
  }

  @Test func patroniYMLIsNotInTheDataDirectory() throws {
    try directory.makeDirectory("data/below")
    try link("link", to: "data")
    for output in ["data/patroni.yml", "link/patroni.yml", "data/below/patroni.yml"] {
      let said = said(["PATRONI_POSTGRESQL_DATA_DIR": "data"], output: output)
      #expect(said.count == 1)
      #expect(said.first?.contains("cannot be in the data directory") == true)
    }
    let pgpass = said([
      "PATRONI_POSTGRESQL_DATA_DIR": "data", "PATRONI_POSTGRESQL_PGPASS": "data/pgpass",
    ])
    #expect(
      pgpass == [
        """
        entrypoint: error: PATRONI_POSTGRESQL_PGPASS: file "ROOT/data/pgpass" cannot be in the data directory
          detail: initdb requires an empty directory, and a copy of the leader replaces everything in it.
          hint: Name another file.

        """
      ]
    )
    let absent = said(["PATRONI_POSTGRESQL_DATA_DIR": "none"], output: "none/patroni.yml")
    #expect(absent.count == 1)
  }
}
