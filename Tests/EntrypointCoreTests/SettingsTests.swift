import PatroniConfig
import Testing

@testable import EntrypointCore

/// What no scenario shows: faults on their own, and files that cannot be had.
@Suite struct SettingsTests {
  private static let pod = [
    "PATRONI_SCOPE": "demo", "PATRONI_NAME": "one", "POD_IP": "192.0.2.1",
    "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLMODE": "verify-ca",
  ]

  private func read(
    _ more: [String: String] = [:],
    without name: String = "",
    files: [String: Surroundings.FileReading] = [:]
  ) -> Settings.Outcome {
    var variables = Self.pod.merging(more) { $1 }
    variables[name] = nil
    return Settings.read(
      Environment(entries: variables.map { Array("\($0.key)=\($0.value)".utf8) }),
      Surroundings(hostName: "pod-0", files: files, existing: []),
      for: .start
    )
  }

  @Test(
    arguments: [
      (["POD_IP": "10.0.0.300"], "POD_IP: invalid value \"10.0.0.300\""),
      (["POD_IP": "::"], "POD_IP: invalid value \"::\""),
      (["NODE_ADDRESSES": " , "], "NODE_ADDRESSES: holds no address"),
      (["NODE_CERT_NAMES": ","], "NODE_CERT_NAMES: holds no name"),
      (["NODE_APP_ROLES": ", "], "NODE_APP_ROLES: holds no role"),
      (
        ["PATRONI_RESTAPI_USERNAME": "u"],
        "PATRONI_RESTAPI_USERNAME: is set without PATRONI_RESTAPI_PASSWORD"
      ),
      (
        ["PATRONI_CTL_PASSWORD": "p-w"],
        "PATRONI_CTL_PASSWORD: is set without PATRONI_CTL_USERNAME"
      ),
      (
        ["PATRONI_SUPERUSER_USERNAME": String(repeating: "r", count: 64)],
        "PATRONI_SUPERUSER_USERNAME: invalid value \"\(String(repeating: "r", count: 64))\""
      ),
      (
        ["PATRONI_REPLICATION_PASSWORD_FILE": "/no/where"],
        "PATRONI_REPLICATION_PASSWORD_FILE: could not read file \"/no/where\""
      ),
    ] as [([String: String], String)]
  )
  func tellsOneFault(_ more: [String: String], _ message: String) {
    let outcome = read(more)
    #expect(outcome.settings == nil)
    #expect(outcome.problems.map { "\($0.subject): \($0.message)" } == [message])
  }

  @Test func aRoleNameSaysHowLongItIs() {
    let outcome = read(["PATRONI_SUPERUSER_USERNAME": String(repeating: "é", count: 40)])
    #expect(
      outcome.problems.map { $0.detail } == ["A role name holds at most 63 bytes; this one has 80."]
    )
  }

  @Test func aLengthForAPodWithoutAnAddressIsOneFault() {
    let outcome = read(["NODE_ADDRESSES": "/24"], without: "POD_IP")
    #expect(outcome.problems.map { $0.subject } == ["PATRONI_KUBERNETES_POD_IP"])
  }

  @Test func allMayBeSaid() throws {
    #expect(try #require(read(["NODE_ADDRESSES": "all"]).settings).nodes.areApart == false)
  }

  @Test func rolesOfApplicationsNeedCertificates() {
    let outcome = read([
      "NODE_APP_ROLES": "app", "NODE_AUTH": "md5", "PATRONI_SUPERUSER_PASSWORD": "pw",
      "PATRONI_REPLICATION_PASSWORD": "pw",
    ])
    #expect(outcome.problems.map { $0.message } == ["has no effect with NODE_AUTH=md5"])
    #expect(outcome.settings?.passfile == nil)
  }

  @Test func aSecretThatIsNotTextIsAFault() {
    let outcome = read(
      ["PATRONI_REPLICATION_PASSWORD_FILE": "/pw"],
      files: ["/pw": .content([0x70, 0xff])]
    )
    #expect(outcome.problems.map { $0.message } == ["file \"/pw\" is not valid UTF-8"])
  }

  @Test(
    arguments: [
      (.directory(["a"]), "could not read file \"/pw\": Is a directory"),
      (.tooLong(1 << 20), "file \"/pw\" is longer than 1 MB"),
      (.failed("Input/output error"), "could not read file \"/pw\": Input/output error"),
    ] as [(Surroundings.FileReading, String)]
  )
  func aFileThatIsNoSecretIsAFault(_ reading: Surroundings.FileReading, _ message: String) {
    let outcome = read(["PATRONI_REPLICATION_PASSWORD_FILE": "/pw"], files: ["/pw": reading])
    #expect(outcome.problems.map { $0.message } == [message])
  }

  /// As for Patroni.
  @Test func anEmptyVariableOfTheStoreCountsAsNotSet() throws {
    let outcome = read(["PATRONI_ETCD3_USERNAME": ""])
    let store = try #require(outcome.settings?.store.store)
    #expect(store.settings["username"] == nil)
    #expect(outcome.problems.isEmpty)
  }

  /// PostgreSQL, too, only says so.
  @Test func aRecordThatMatchesNothingIsWarnedAbout() {
    let outcome = read([
      "PGSSLMODE": "disable", "PATRONI_SUPERUSER_PASSWORD": "pw",
      "PATRONI_REPLICATION_PASSWORD": "pw",
      "PATRONI_CONFIGURATION": "postgresql: {pg_hba: [hostssl all all all md5]}",
    ])
    #expect(outcome.settings != nil)
    #expect(
      outcome.problems.map { "\($0.severity.rawValue): \($0.message)" } == [
        "warning: record matches no connection with PGSSLMODE=disable"
      ]
    )
  }

  @Test func theDataDirectoryIsTheOneThatIsGiven() throws {
    let settings = try #require(read(["PATRONI_POSTGRESQL_DATA_DIR": "/data"]).settings)
    #expect(settings.dataDirectory == "/data")
  }

  @Test func patroniIsToldOfAuthoritiesOnlyWhenItUsesThem() throws {
    let directory = TLSDirectory(beside: "/home/postgres/patroni.yml")
    let plain = try #require(read().settings)
    #expect(plain.restapiAuthority(in: directory) == nil)
    let encrypted = try #require(read(["RESTAPI_TLS": "on"]).settings)
    let authority = try #require(encrypted.restapiAuthority(in: directory))
    let line = "  cafile: '/home/postgres/.postgresql-tls/current/ca.crt'\n"
    #expect(authority.respelled(Array("restapi:\n\(line)".utf8)) != nil)
  }

  @Test func anotherNamespaceIsNotGuessedWhenItsFileCannotBeRead() throws {
    let path = Surroundings.namespaceFile
    let outcome = read(files: [path: .failed("Permission denied")])
    #expect(
      outcome.problems.map { $0.message } == [
        "is not set, and file \"\(path)\" could not be read: Permission denied"
      ]
    )
    let given = read(["POD_NAMESPACE": "given"], files: [path: .failed("Permission denied")])
    #expect(try #require(given.settings).pod.namespace == "given")
    let mounted = read(files: [path: .content(Array("mounted\n".utf8))])
    #expect(try #require(mounted.settings).pod.namespace == "mounted")
    let odd = read(files: [path: .content(Array("-".utf8))])
    #expect(try #require(odd.settings).pod.namespace == "default")
  }

  @Test func thePassfileIsForPasswords() throws {
    let file = Array("*:*:*:app:pw\n".utf8)
    let passwords = [
      "NODE_AUTH": "scram-sha-256", "PATRONI_SUPERUSER_PASSWORD": "pw",
      "PATRONI_REPLICATION_PASSWORD": "pw", "NODE_PASSFILE": "/pass",
    ]
    let outcome = read(passwords, files: ["/pass": .content(file)])
    #expect(try #require(outcome.settings).passfile == file)
    let unused = read(["NODE_PASSFILE": "/pass"], files: ["/pass": .content(file)])
    #expect(try #require(unused.settings).passfile == nil)
  }

  @Test func patroniGetsWhatTheFileSaysAndNoSecret() throws {
    let settings = try #require(read(["PGSSLCRL": "/crl"]).settings)
    let environment = Environment(
      entries: ["PATRONI_KUBERNETES_LABELS=x", "HOME=/"].map { Array($0.utf8) }
    )
    let changes = PatroniEnvironment(for: settings, environment, home: "/home/postgres")
    #expect(
      changes.added.map { "\($0.name)=\($0.value)" } == [
        "PGSSLMODE=verify-ca", "PGSSLROOTCERT=/etc/ssl/certs/postgresql/ca.crt",
        "PGSSLCERT=/etc/ssl/certs/postgresql/server.crt",
        "PGSSLKEY=/etc/ssl/certs/postgresql/server.key", "PGSSLCRL=/crl", "HOME=/home/postgres",
      ]
    )
    let names =
      EnvironmentVariable.secrets.flatMap { [$0.name, $0.fileName] } + [
        "PGPASSWORD", "PATRONI_KUBERNETES_LABELS", "HOME",
      ]
    #expect(changes.removed.isSuperset(of: names))
  }
}
