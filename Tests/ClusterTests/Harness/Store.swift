import TestSupport

/// etcd on a host of its own.
final class Store {
  private let host: Host
  private let process: BackgroundProcess

  /// Where clients reach it.
  private var address: String { urlHost(host.address) + ":2379" }
  /// The same as Patroni's variable takes it: with a bracket in it, it must be a list in YAML.
  var patroniHosts: String { address.hasPrefix("[") ? "['\(address)']" : address }

  init(on host: Host, directory: String) throws {
    self.host = host
    try Command.output(["install", "-d", "-o", "\(UnixUser.postgres.id)", directory])
    let url = "http://\(urlHost(host.address)):2379"
    process = try BackgroundProcess(
      host.words([
        "etcd", "--data-dir", directory + "/data", "--listen-client-urls", url,
        "--advertise-client-urls", url, "--listen-peer-urls", "http://127.0.0.1:2380",
        "--initial-advertise-peer-urls", "http://127.0.0.1:2380",
        "--initial-cluster", "default=http://127.0.0.1:2380",
      ]),
      environment: Command.plainEnvironment,
      log: directory + "/log"
    )
    try eventually("etcd answers") { try etcdctl("endpoint", "health").exitCode == 0 }
  }

  /// Everything that it holds, keys and values.
  func contents() throws -> String {
    try etcdctl("get", "", "--prefix").output
  }

  /// Removes all of it.
  func clear() throws {
    let answer = try etcdctl("del", "", "--prefix")
    guard answer.exitCode == 0 else { throw Failure(answer) }
  }

  private func etcdctl(_ words: String...) throws -> CommandResult {
    try Command.run(
      host.words(["env", "ETCDCTL_API=3", "etcdctl", "--endpoints", address] + words)
    )
  }
}

/// An address as it stands in front of a port.
func urlHost(_ address: String) -> String {
  address.contains(":") ? "[\(address)]" : address
}
