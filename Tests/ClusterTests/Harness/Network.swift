import Foundation
import Synchronization
import TestSupport

/// A network that nobody else can reach: every host, and the bridge between them, lies in a network
/// namespace of the test's own.
final class Network {
  /// The addresses that its hosts have.
  enum Family { case ipv4, ipv6 }

  /// What the name of everything that belongs to it begins with.
  let prefix: String
  /// A directory that every user can enter; it goes with the network.
  let directory: String
  private let family: Family
  private let bridge: String
  private(set) var hosts: [Host] = []
  private var addressCount = 0

  private static let count = Mutex(0)
  private static let leftovers = Repository.root + "/Tests/ClusterTests/Harness/leftovers.sh"

  /// Removes what this process leaves when it ends, however it ends.
  private static let watch = Result {
    try Command.output([leftovers])
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: leftovers)
    process.arguments = ["watch", String(getpid())]
    process.standardInput = pipe
    try process.run()
    return (process, pipe)
  }

  init(_ family: Family = .ipv4) throws {
    _ = try Self.watch.get()
    let number = Self.count.withLock { count in
      count += 1
      return count
    }
    prefix = "cltest-\(getpid())-\(number)-"
    directory = "/tmp/\(prefix)files"
    self.family = family
    bridge = prefix + "bridge"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    chmod(directory, 0o755)
    try ip("netns", "add", bridge)
    try ip("-n", bridge, "link", "set", "lo", "up")
    try ip("-n", bridge, "link", "add", "bridge", "type", "bridge")
    try ip("-n", bridge, "link", "set", "bridge", "up")
  }

  /// Adds a host; its first name is the one that its address is looked up as.
  func addHost(names: [String]) throws -> Host {
    let host = try Host(
      names: names,
      address: nextAddress(),
      namespace: prefix + names[names.count - 1]
    )
    let port = "port\(addressCount)"
    try ip("netns", "add", host.namespace)
    try ip("-n", host.namespace, "link", "set", "lo", "up")
    try ip(
      "-n",
      host.namespace,
      "link",
      "add",
      "eth0",
      "type",
      "veth",
      "peer",
      "name",
      port,
      "netns",
      bridge
    )
    try ip("-n", bridge, "link", "set", port, "master", "bridge", "up")
    try ip("-n", host.namespace, "link", "set", "eth0", "up")
    try ip("-n", host.namespace, "address", "add", masked(host.address), "dev", "eth0", "nodad")
    hosts.append(host)
    try writeHosts()
    return host
  }

  /// Gives `host` an address that it did not have before, as a pod that is made anew gets.
  func move(_ host: Host) throws {
    let address = nextAddress()
    try ip("-n", host.namespace, "address", "flush", "dev", "eth0", "scope", "global")
    try ip("-n", host.namespace, "address", "add", masked(address), "dev", "eth0", "nodad")
    host.address = address
    try writeHosts()
  }

  private func nextAddress() -> String {
    addressCount += 1
    return family == .ipv4 ? "10.244.\(addressCount).7" : "fd00:244::\(addressCount):7"
  }

  private func masked(_ address: String) -> String {
    address + (family == .ipv4 ? "/16" : "/64")
  }

  /// Written in place: running processes have the file itself mounted.
  private func writeHosts() throws {
    let lines =
      ["127.0.0.1 localhost", "::1 localhost"]
      + hosts.map { ([$0.address] + $0.names).joined(separator: " ") }
    for host in hosts {
      try (lines.joined(separator: "\n") + "\n")
        .write(toFile: host.etc + "/hosts", atomically: false, encoding: .utf8)
    }
  }

  /// Ends what runs in it, and removes it.
  func remove() throws {
    for namespace in hosts.map({ $0.namespace }) + [bridge] {
      let ids = try Command.output(["ip", "netns", "pids", namespace])
      for id in ids.split(separator: "\n").compactMap({ pid_t($0) }) { kill(id, SIGKILL) }
      try eventually("the end of all processes in \(namespace)") {
        try Command.output(["ip", "netns", "pids", namespace]).isEmpty
      }
      try ip("netns", "delete", namespace)
    }
    for host in hosts { try FileManager.default.removeItem(atPath: host.etc) }
    try FileManager.default.removeItem(atPath: directory)
  }
}

/// One host of a network.
final class Host {
  /// The name that its address is looked up as, then shorter ones.
  let names: [String]
  /// The network namespace.
  let namespace: String
  fileprivate(set) var address: String
  /// Files here stand in for those in /etc.
  let etc: String

  fileprivate init(names: [String], address: String, namespace: String) throws {
    self.names = names
    self.address = address
    self.namespace = namespace
    etc = "/etc/netns/" + namespace
    try FileManager.default.createDirectory(atPath: etc, withIntermediateDirectories: true)
    // No look-up may leave the machine.
    try "".write(toFile: etc + "/resolv.conf", atomically: false, encoding: .utf8)
    try "passwd: files\ngroup: files\nhosts: files\n"
      .write(toFile: etc + "/nsswitch.conf", atomically: false, encoding: .utf8)
  }

  /// The words that run `words` on this host.
  func words(_ words: [String], as user: UnixUser = .postgres) -> [String] {
    ["ip", "netns", "exec", namespace] + user.words + words
  }

  /// Takes the host off the network.
  func disconnect() throws { try ip("-n", namespace, "link", "set", "eth0", "down") }

  /// Puts it back.
  func reconnect() throws { try ip("-n", namespace, "link", "set", "eth0", "up") }
}

private func ip(_ words: String...) throws {
  try Command.output(["ip"] + words)
}
