import PatroniConfig
import PostgresConfig

/// Finds variables that nobody reads and whose names are close to one that somebody does.
enum MisspeltName {
  /// Warns about such names among `others`, which the program does not read.
  ///
  /// A variable that is set as it should be is not missed: what is called like it is something else.
  static func warnings(on others: [String], in environment: Environment) -> [Problem] {
    others.compactMap { name in
      guard
        let hint = meant(by: name, in: environment).map({ "Did you mean \($0)?" })
          ?? key(of: name, environment)
          .map({ "Write \(shown(key: $0)) in PATRONI_CONFIGURATION." })
      else { return nil }
      return Problem(
        .warning,
        shown(key: name),
        "is not a variable that this image or Patroni reads",
        hint: hint
      )
    }
  }

  /// The key of Patroni's file that the name of a variable stands for, which Patroni does not have.
  private static func key(of name: String, _ environment: Environment) -> String? {
    guard name.begins(with: PatroniVariable.prefix), PatroniVariable.treatment(of: name) == nil,
      !isServiceLink(name, environment)
    else { return nil }
    let words = name.utf8.dropFirst(PatroniVariable.prefix.utf8.count)
    let text = (String(words) ?? "").lowercased()
    func rest(after section: String) -> String? {
      text.begins(with: section + "_") ? String(text.utf8.dropFirst(section.utf8.count + 1)) : nil
    }
    if let tag = rest(after: "tags"), !tag.isEmpty { return "tags.\(tag)" }
    for section in PatroniKeys.sections where !section.path.isEmpty {
      let prefix = section.path.split(separator: ".").joined(separator: "_")
      if let key = rest(after: prefix), Words(section.keys).contains(key) {
        return "\(section.path).\(key)"
      }
    }
    return PatroniKeys.place(of: text)
  }

  /// No name of the program's is as short as these are.
  private static let longestMeaningless = 4

  private static func meant(by name: String, in environment: Environment) -> String? {
    guard name.utf8.count > longestMeaningless else { return nil }
    let shape = NameShape(name)
    var candidates: [String] = []
    for own in OwnNames.all {
      let isCandidate =
        shape.isSimilar(to: own.shape)
        || (shape.mayBegin(own.shape) && own.name.begins(with: name))
      guard isCandidate else { continue }
      let variable = own.variable
      let isSet =
        environment.has(variable.name) || environment.has(variable.fileName)
        || variable.alias.map { environment.has($0) } ?? false
      if !isSet { candidates.append(own.name) }
    }
    let upper = name.utf8.first.map { $0 & 0xdf } == UInt8(ascii: "P") ? name.uppercased() : ""
    if upper.begins(with: PatroniVariable.prefix) {
      candidates += patroniNames(beside: upper).filter {
        (shape.isSimilar(to: NameShape($0)) || $0.begins(with: name)) && !environment.has($0)
      }
    }
    guard !candidates.isEmpty, !isServiceLink(name, environment),
      PatroniVariable.treatment(of: name) == nil, !LibpqVariable.isLeftOut(name)
    else { return nil }
    return nearest(to: name, among: candidates)
  }

  /// Names of Patroni's own, in the section of `name` where that is a store's.
  private static func patroniNames(beside name: String) -> [String] {
    let words = name.split(separator: "_", maxSplits: 2)
    guard words.count == 3, ConfigurationStore(rawValue: words[1].lowercased()) != nil else {
      return PatroniVariable.names
    }
    return PatroniVariable.names
      + Words(PatroniVariable.storeSuffixes).all.map { "PATRONI_\(words[1])_\($0)" }
  }

  /// Kubernetes and Docker set these for every Service, whatever its name is.
  ///
  /// See <https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>.
  static func isServiceLink(_ name: String, _ environment: Environment) -> Bool {
    if name.ends(with: "_SERVICE_HOST") || name.ends(with: "_SERVICE_PORT") { return true }
    guard name.begins(with: "PORT") || name.holds("_PORT") else { return false }
    let words = name.split(separator: "_")
    for (index, word) in words.enumerated().dropFirst() where word == "PORT" {
      if index == words.count - 1 {
        return environment.text(name).map {
          $0.split(separator: ":").dropFirst().first?.hasPrefix("//") == true
        }
          ?? false
      }
      if words[index - 1] == "SERVICE" { return true }
      if words[index + 1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return true }
    }
    return false
  }
}
