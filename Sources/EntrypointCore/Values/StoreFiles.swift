import PatroniConfig
import PostgresConfig

// The files with which Patroni connects to a store by TLS. Python loads them at every connection, and one
// that it cannot load is an error in Patroni's log for ever.
//
// See <https://docs.python.org/3/library/ssl.html#ssl.SSLContext.load_cert_chain>.
enum StoreFiles {
  /// Reports files that cannot be read, or that hold something else.
  static func problems(of store: ConfigurationStore, _ reader: EnvironmentReader) -> [Problem] {
    let environment = reader.environment
    func name(_ key: String) -> String { store.variablePrefix + key }
    var problems: [Problem] = []
    var outlines: [String: PEMOutline] = [:]
    for key in ["CACERT", "CERT", "KEY"] {
      guard let path = environment.text(name(key)), !path.isEmpty else { continue }
      if case .pem(let outline)? = reader.podFiles.contents[path] {
        outlines[key] = outline
      } else if let problem = unreadable(path, name(key), reader) {
        problems.append(problem)
      }
    }
    func report(_ key: String, _ fault: String, _ detail: String? = nil, hint: String? = nil) {
      let path = environment.text(name(key)) ?? ""
      problems.append(
        Problem(name(key), "file \(quoted(path)) \(fault)", detail: detail, hint: hint)
      )
    }
    for key in ["CACERT", "CERT"] {
      guard let file = outlines[key], !file.holdsCertificate else { continue }
      report(key, "contains no certificate", file.sentence)
    }
    if let file = outlines["KEY"], !file.holdsKey {
      report("KEY", "contains no private key", file.sentence)
    }
    let hasKeyFile = environment.isGiven(name("KEY"))
    if let file = outlines["CERT"], file.holdsCertificate, !hasKeyFile, !file.holdsKey {
      report(
        "CERT",
        "contains no private key",
        "\(name("KEY")) is not set, and then the key has to be in the certificate's file.",
        hint: "Set \(name("KEY"))."
      )
    }
    let place = hasKeyFile ? "KEY" : "CERT"
    if let file = outlines[place], file.holdsEncryptedKey, !hasPassPhrase(store, environment) {
      report(
        place,
        "contains a key that is encrypted",
        store == .zookeeper ? nil : "Patroni has no passphrase for \(store.rawValue).",
        hint: store == .zookeeper
          ? "Set \(EnvironmentVariable.zookeeperKeyPassword.fileName)."
          : "Mount a key that is not encrypted."
      )
    }
    return problems
  }

  private static func hasPassPhrase(_ store: ConfigurationStore, _ environment: Environment) -> Bool
  {
    let variable = EnvironmentVariable.zookeeperKeyPassword
    return store == .zookeeper
      && (environment.isGiven(variable.name) || environment.isGiven(variable.fileName))
  }

  /// Of these only a key could stand in the place of its path.
  private static func unreadable(
    _ path: String,
    _ name: String,
    _ reader: EnvironmentReader
  ) -> Problem? {
    guard case .nowhere(let reason)? = reader.podFiles.contents[path], !name.hasSuffix("_KEY")
    else {
      return reader.unreadable(path, for: name)
    }
    return Problem(name, "could not read file \(quoted(path)): \(reason)")
  }
}
