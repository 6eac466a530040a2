import PatroniConfig
import PostgresConfig

/// What the names in an environment say, beside the variables that the program reads.
enum EnvironmentNames {
  /// The variables that have a value and that the program does not read, sorted.
  static func others(in environment: Environment) -> [String] {
    environment.names { name, value in !value.isEmpty && !OwnNames.contains(name) }
  }

  /// Everything that there is to say about `others`, and about variables of stores that are not in use.
  ///
  /// - Parameters:
  ///   - store: the configuration store that is in use.
  ///   - dataDirectory: nil when it is not known.
  static func problems(
    with others: [String],
    in environment: Environment,
    store: ConfigurationStore?,
    dataDirectory: String?
  ) -> [Problem] {
    PatroniVariable.refusals(of: others, in: environment)
      + ofOtherStores(in: environment, than: store).map { warning($0, store: store) }
      + LibpqVariable.notes(on: others)
      + ForeignVariable.notes(on: others, in: environment, dataDirectory: dataDirectory)
      + unreadSecrets(among: others, environment).map { note(onSecret: $0) }
      + MisspeltName.warnings(on: others, in: environment)
  }

  /// The names that Patroni does not get.
  static func removed(
    from environment: Environment,
    store: ConfigurationStore?
  ) -> [String] {
    environment.names { name, value in
      LibpqVariable.isLeftOut(name) || isSecret(name, value) || mayBeSecret(name, environment)
        || isOfOtherStore(name, than: store)
        // Patroni would make a section of them, and might prefer Kubernetes to the store in the file.
        || (store != .kubernetes && name.begins(with: ConfigurationStore.kubernetes.variablePrefix))
        || OwnNames.isOfSecretFile(name)
    }
  }

  private static func isSecret(_ name: String, _ value: [UInt8]) -> Bool {
    SecretName.isSecret(name) || SecretName.isConnectionWithPassword(value)
  }

  /// Whether it is a name with Patroni's prefix, a misspelt one perhaps, that nobody reads and that sounds like a
  /// secret's.
  private static func mayBeSecret(_ name: String, _ environment: Environment) -> Bool {
    name.begins(with: PatroniVariable.prefix) && SecretName.hasSign(name)
      && PatroniVariable.treatment(of: name) == nil && !OwnNames.contains(name)
      && !MisspeltName.isServiceLink(name, environment)
  }

  /// Secrets that nobody asked for.
  private static func unreadSecrets(
    among others: [String],
    _ environment: Environment
  ) -> [String] {
    others.filter { name in
      isSecret(name, environment.bytes(name) ?? [])
        && PatroniVariable.treatment(of: name) == nil && !LibpqVariable.isLeftOut(name)
        && ForeignVariable.hint(for: name) == nil
    }
  }

  private static func note(onSecret name: String) -> Problem {
    let isRole = name.hasPrefix(PatroniVariable.prefix) && name.hasSuffix("_PASSWORD")
    return Problem(
      .note,
      shown(key: name),
      "is not passed on to Patroni",
      detail: isRole
        ? "Patroni 4 does not create roles from its environment."
        : "Every process of the server could read it there.",
      hint: isRole ? "Create the role with SQL when the cluster runs." : nil
    )
  }

  /// Patroni makes a section of each such variable, and takes the first store that it has a section for.
  private static func isOfOtherStore(_ name: String, than store: ConfigurationStore?) -> Bool {
    guard let kind = ConfigurationStore(ofVariable: name), kind != store, kind != .kubernetes else {
      return false
    }
    return PatroniVariable.treatment(of: name) != nil
  }

  private static func ofOtherStores(
    in environment: Environment,
    than store: ConfigurationStore?
  ) -> [String] {
    guard store != nil else { return [] }
    return environment.names { name, value in
      !value.isEmpty && isOfOtherStore(name, than: store)
        && !MisspeltName.isServiceLink(name, environment)
    }
  }

  private static func warning(_ name: String, store: ConfigurationStore?) -> Problem {
    let rest = name.split(separator: "_", maxSplits: 2).last.map { String($0) } ?? ""
    let isKnown =
      store.map { PassedValues.rules(for: $0).contains { $0.key == rest.lowercased() } } ?? false
    let store = store?.rawValue ?? ""
    return Problem(
      .warning,
      shown(key: name),
      "belongs to a DCS other than \(store), and is not passed on to Patroni",
      detail: "Patroni would use that DCS instead.",
      hint: isKnown ? "Set PATRONI_\(store.uppercased())_\(rest), or remove it." : "Remove it."
    )
  }
}
