import Foundation
import TestSupport

/// One member of a cluster: a host, a volume, and a container in which the release binary is
/// process 1.
final class Member {
  /// Its name, which is also its host's.
  let name: String
  /// The cluster's name.
  let scope: String
  /// Where it runs.
  let host: Host
  /// Everything that belongs to it.
  let directory: String
  /// Who runs it.
  let user: UnixUser
  /// The variables of its pod.
  var environment: [String: String]
  /// What the container starts; the release binary, unless a test has something else to compare.
  var program: [String]
  /// Mounts that the container makes first, as a shell script.
  var mounts = ""
  private(set) var process: BackgroundProcess?
  /// The place in the log where the container was started last.
  private(set) var lastStart = LogMark(offset: 0)

  /// patroni.yml.
  var patroniFile: String { directory + "/home/patroni.yml" }
  /// The server's data directory.
  var dataDirectory: String { directory + "/volume/data" }
  /// Where the server's socket is.
  var socketDirectory: String { directory + "/run" }
  /// Where its REST API is asked: by name when a certificate is compared with it.
  var restAddress: String {
    environment["RESTAPI_TLS"] == "on" ? host.names[0] : urlHost(host.address)
  }
  /// What it said since it was first started, Patroni and PostgreSQL alike.
  var log: String { directory + "/log" }

  init(
    name: String,
    scope: String,
    host: Host,
    directory: String,
    user: UnixUser,
    environment: [String: String]
  ) throws {
    self.name = name
    self.scope = scope
    self.host = host
    self.directory = directory
    self.user = user
    self.environment = [:]
    program = Self.releaseProgram(directory)
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    for place in ["home", "volume", "run"] {
      try Command.output([
        "install", "-d", "-m", "0700", "-o", "\(user.id)", "-g", "\(user.group)",
        "\(directory)/\(place)",
      ])
    }
    chmod(socketDirectory, 0o755)
    self.environment = [
      "PATH": Command.plainEnvironment["PATH"] ?? "", "HOME": directory + "/home",
      "PATRONI_NAME": name, "PATRONI_SCOPE": scope,
      "POD_IP": host.address,
      "PATRONI_POSTGRESQL_DATA_DIR": dataDirectory,
      "PATRONI_POSTGRESQL_BIN_DIR": Installation.programs,
      "PG_MAJOR": Installation.major.map { String($0) } ?? "",
      "UNIX_SOCKET_DIRECTORY": socketDirectory,
    ].merging(environment) { $1 }
  }

  /// The release binary, for a member in `directory`.
  static func releaseProgram(_ directory: String) -> [String] {
    [Repository.releaseBinary, "--output", directory + "/home/patroni.yml"]
  }

  /// Starts the container: process ids, and mounts, of its own.
  func start() throws {
    lastStart = markLog()
    process = try BackgroundProcess(container(program), environment: environment, log: log)
  }

  /// Runs `words` in a container like the one that `start` makes.
  func inContainer(_ words: [String]) throws -> CommandResult {
    try Command.run(container(words), environment: environment)
  }

  private func container(_ words: [String]) -> [String] {
    let enter = [
      "ip", "netns", "exec", host.namespace, "unshare", "--pid", "--fork", "--mount-proc",
    ]
    let mount = mounts.isEmpty ? [] : ["sh", "-ec", mounts + "\nexec \"$@\"", "sh"]
    return enter + mount + user.words + words
  }

  /// Process 1 of the container, as seen from outside.
  var firstProcess: pid_t? { process?.child }

  /// Ends it as the kubelet does, and waits.
  @discardableResult
  func stop() throws -> Int32 {
    guard let process else { return 0 }
    if let first = firstProcess { kill(first, SIGTERM) }
    return try process.waitForExit()
  }

  /// Ends it without a warning: when process 1 is gone, the kernel kills the others.
  func kill9() throws {
    if let first = firstProcess { kill(first, SIGKILL) }
    _ = try process?.waitForExit()
  }

  /// Runs `words` in the pod, as `kubectl exec` would.
  func run(_ words: [String], input: String = "") throws -> CommandResult {
    try Command.run(host.words(words, as: user), environment: environment, input: input)
  }

  /// Runs `patronictl` in the pod; it must succeed.
  @discardableResult
  func patronictl(_ words: [String]) throws -> String {
    try Command.output(
      host.words(["patronictl", "-c", patroniFile] + words, as: user),
      environment: environment
    )
  }

  /// Runs SQL through the server's socket, and returns the rows, with `|` between columns.
  @discardableResult
  func query(_ sql: String, database: String = "postgres") throws -> String {
    Attention.turn(to: self)
    return try Command.output([
      "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", socketDirectory, "-U", "postgres", "-d",
      database, "-c", sql,
    ]).trimmingCharacters(in: .newlines)
  }

  /// The environment of every process in the container.
  func processEnvironments() throws -> [String] {
    guard let first = firstProcess else { return [] }
    let space = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(first)/ns/pid")
    return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
      guard let id = pid_t(name),
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/ns/pid")) == space,
        let bytes = FileManager.default.contents(atPath: "/proc/\(id)/environ")
      else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
