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
    files: [String: PodFiles.FileReading] = [:]
  ) -> CheckedSettings {
    var variables = Self.pod.merging(more) { $1 }
    variables[name] = nil
    return Settings.read(
      Environment(entries: variables.map { Array("\($0.key)=\($0.value)".utf8) }),
      PodFiles(hostName: "pod-0", contents: files, existing: []),
      needsStore: true
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
    let checked = read(more)
    #expect(checked.settings == nil)
    #expect(checked.problems.map { "\($0.subject): \($0.message)" } == [message])
  }

  @Test func anEmptyEnvironmentIsReportedWhole() {
    let files = PodFiles(hostName: "pod-0", contents: [:], existing: [])
    let checked = Settings.read(Environment(entries: []), files, needsStore: true)
    #expect(
      checked.problems.filter { $0.severity == .error }.map { $0.subject } == [
        "PATRONI_SCOPE", "PATRONI_KUBERNETES_POD_IP", "PATRONI_SUPERUSER_PASSWORD",
        "PATRONI_REPLICATION_PASSWORD", "PATRONI_ETCD3_HOSTS",
      ]
    )
  }

  @Test func aRoleNameSaysHowLongItIs() {
    let checked = read(["PATRONI_SUPERUSER_USERNAME": String(repeating: "é", count: 40)])
    #expect(
      checked.problems.map { $0.detail } == ["A role name has at most 63 bytes; this one has 80."]
    )
  }

  @Test func aLengthForAPodWithoutAnAddressIsOneFault() {
    let checked = read(["NODE_ADDRESSES": "/24"], without: "POD_IP")
    #expect(checked.problems.map { $0.subject } == ["PATRONI_KUBERNETES_POD_IP"])
  }

  @Test func allMayBeSaid() throws {
    #expect(try #require(read(["NODE_ADDRESSES": "all"]).settings).nodes.areApart == false)
  }

  @Test func rolesOfApplicationsNeedCertificates() {
    let checked = read([
      "NODE_APP_ROLES": "app", "NODE_AUTH": "md5", "PATRONI_SUPERUSER_PASSWORD": "pw",
      "PATRONI_REPLICATION_PASSWORD": "pw",
    ])
    #expect(checked.problems.map { $0.message } == ["has no effect with NODE_AUTH=md5"])
    #expect(checked.settings?.passfile == nil)
  }

  @Test func aSecretThatIsNotTextIsAFault() {
    let checked = read(
      ["PATRONI_REPLICATION_PASSWORD_FILE": "/pw"],
      files: ["/pw": .content([0x70, 0xff])]
    )
    #expect(checked.problems.map { $0.message } == ["file \"/pw\" is not valid UTF-8"])
  }

  @Test(
    arguments: [
      (.directory(["a"]), "could not read file \"/pw\": Is a directory"),
      (.tooLong(1 << 20), "file \"/pw\" is longer than 1 MB"),
      (.failed("Input/output error"), "could not read file \"/pw\": Input/output error"),
    ] as [(PodFiles.FileReading, String)]
  )
  func aFileThatIsNoSecretIsAFault(_ reading: PodFiles.FileReading, _ message: String) {
    let checked = read(["PATRONI_REPLICATION_PASSWORD_FILE": "/pw"], files: ["/pw": reading])
    #expect(checked.problems.map { $0.message } == [message])
  }

  /// As for Patroni.
  @Test func anEmptyVariableOfTheStoreCountsAsNotSet() throws {
    let checked = read(["PATRONI_ETCD3_USERNAME": ""])
    let store = try #require(checked.settings?.store)
    #expect(store.section["username"] == nil)
    #expect(checked.problems.isEmpty)
  }

  /// PostgreSQL, too, only says so.
  @Test func aRecordThatMatchesNothingIsWarnedAbout() {
    let checked = read([
      "PGSSLMODE": "disable", "PATRONI_SUPERUSER_PASSWORD": "pw",
      "PATRONI_REPLICATION_PASSWORD": "pw",
      "PATRONI_CONFIGURATION": "postgresql: {pg_hba: [hostssl all all all md5]}",
    ])
    #expect(checked.settings != nil)
    #expect(
      checked.problems.map { "\($0.severity.rawValue): \($0.message)" } == [
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
    let path = PodFiles.namespaceFile
    let checked = read(files: [path: .failed("Permission denied")])
    #expect(
      checked.problems.map { $0.message } == [
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
    let checked = read(passwords, files: ["/pass": .content(file)])
    #expect(try #require(checked.settings).passfile == file)
    let unused = read(["NODE_PASSFILE": "/pass"], files: ["/pass": .content(file)])
    #expect(try #require(unused.settings).passfile == nil)
  }

  @Test func patroniGetsWhatTheFileSaysAndNoSecret() throws {
    let settings = try #require(read(["PGSSLCRL": "/crl"]).settings)
    let names =
      EnvironmentVariable.secrets.flatMap { [$0.name, $0.fileName] } + [
        "PGPASSWORD", "PATRONI_KUBERNETES_LABELS", "HOME",
      ]
    let environment = Environment(
      entries: (names + ["PATH"]).map { Array("\($0)=x".utf8) }
    )
    let changes = PatroniEnvironment(for: settings, environment, home: "/home/postgres")
    #expect(
      changes.added.map { "\($0.name)=\($0.value)" } == [
        "PGSSLMODE=verify-ca", "PGSSLROOTCERT=/etc/ssl/certs/postgresql/ca.crt",
        "PGSSLCERT=/etc/ssl/certs/postgresql/server.crt",
        "PGSSLKEY=/etc/ssl/certs/postgresql/server.key", "PGSSLCRL=/crl", "HOME=/home/postgres",
      ]
    )
    #expect(changes.removed.isSuperset(of: names))
    #expect(!changes.removed.contains("PATH"))
  }

  @Test(arguments: [
    ("PATRONI_REPLICATION_PASSWORD2", "x", true), ("PATRONI_REPLICATION_PASSWROD", "x", true),
    ("PATRONI_RESTAPI_AUTH", "x", true), ("APP_DB_PASSWORD", "x", true), ("POSTGRES_PW", "x", true),
    ("DB_CREDENTIALS", "x", true), ("REPL_PASSWORD", "x", true),
    ("DSN", "host=h user=u password=x", true), ("URL", "jdbc:postgresql://h/d?password=x", true),
    ("URL", "postgresql://h/d?user=u&password=x", true), ("URL", "postgres://u:x@h/d", true),
    ("URL", "jdbc:postgresql://h/d?user=u", false), ("URL", "postgres://u@h/d", false),
    ("DSN", "host=h user=u", false), ("JAVA_OPTS", "-Da.password=x -Dhost=h", false),
    ("PATRONI_POSTGRESQL_PGPASS", "/run/pgpass", false),
    ("PATRONI_SECURE_SERVICE_HOST", "x", false),
    ("DB_SCREEN", "x", false), ("AWS_SECRET_ACCESS_KEY", "x", false),
    ("PGBACKREST_REPO1_CIPHER_PASS", "x", false), ("POSTGRES_PASSWORD_FILE", "/x", false),
  ])
  func secretsAreToldByTheirNamesAndForms(
    _ name: String,
    _ value: String,
    _ isSecret: Bool
  ) throws {
    let settings = try #require(read([:]).settings)
    let environment = Environment(entries: [Array("\(name)=\(value)".utf8)])
    let changes = PatroniEnvironment(for: settings, environment, home: "/home/postgres")
    #expect(changes.removed.contains(name) == isSecret)
  }
}
