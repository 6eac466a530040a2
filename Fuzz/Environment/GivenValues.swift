@testable import EntrypointCore

// What the environment says stands in the file where Patroni reads it, byte for byte; found out without the
// program's settings between the two.

private let roles = ["superuser", "replication", "rewind"]

/// Stops when a value of the environment is another one in the file.
func checkGivenValues(_ document: Value, _ pod: InventedPod) {
  for (names, path) in places {
    let texts = names.compactMap { pod.environment.text($0) }
    // What nobody gave has a default.
    guard let text = texts.first else { continue }
    require(document[path] == .string(text), "\(names[0]) is another one: \(text)")
  }
  for (name, path) in secrets {
    // A password that is of no use is left out, and nothing else can stand there.
    guard let found = document[path] else { continue }
    require(found == .string(pod.secret(name) ?? ""), "\(name) is another one")
  }
  for role in roles where document[path(of: role, "username")] != nil {
    let mode = document[path(of: role, "sslmode")]
    require(mode == document[path(of: "superuser", "sslmode")], "\(role) connects otherwise")
  }
}

/// Variables that are copied as they are, by every name that they have.
private let places: [(names: [String], path: [String])] = [
  (["PATRONI_SCOPE", "CLUSTER_NAME"], ["scope"]),
  (["PATRONI_NAME", "POD_NAME"], ["name"]),
  (["PATRONI_SUPERUSER_USERNAME"], path(of: "superuser", "username")),
  (["PATRONI_REPLICATION_USERNAME"], path(of: "replication", "username")),
  (["PATRONI_REWIND_USERNAME"], path(of: "rewind", "username")),
  (["PGSSLMODE", "SSL_MODE"], path(of: "superuser", "sslmode")),
  (["PATRONI_POSTGRESQL_DATA_DIR"], ["postgresql", "data_dir"]),
  (["UNIX_SOCKET_DIRECTORY"], ["postgresql", "parameters", "unix_socket_directories"]),
  (["PATRONI_RESTAPI_LISTEN"], ["restapi", "listen"]),
]

private let secrets: [(name: String, path: [String])] = [
  ("PATRONI_SUPERUSER_PASSWORD", path(of: "superuser", "password")),
  ("PATRONI_REPLICATION_PASSWORD", path(of: "replication", "password")),
  ("PATRONI_REWIND_PASSWORD", path(of: "rewind", "password")),
  ("PATRONI_RESTAPI_PASSWORD", ["restapi", "authentication", "password"]),
]

private func path(of role: String, _ key: String) -> [String] {
  ["postgresql", "authentication", role, key]
}

extension Value {
  /// What stands below these keys.
  subscript(path: [String]) -> Value? {
    guard let key = path.first else { return self }
    guard case .map(let pairs) = self else { return nil }
    return pairs.first { $0.key == key }?.value[Array(path.dropFirst())]
  }

  /// The texts of a list; stops when there is anything else in it.
  var texts: [String] {
    guard case .list(let items) = self else { stop("not a list") }
    return items.map { item in
      guard case .string(let text) = item else { stop("not a text") }
      return text
    }
  }
}
