import Foundation
import TestSupport
import Testing

@testable import EntrypointCore

/// Patroni itself says which variables it reads, and what they change.
///
/// PATRONI_PYTHON names the interpreter of an environment with another Patroni.
@Suite struct PatroniVariableTests {
  private static let python =
    ProcessInfo.processInfo.environment["PATRONI_PYTHON"]
    ?? Repository.virtualEnvironment + "/bin/python"

  private static func say(_ words: [String], input: String = "") throws -> [String] {
    let script = Repository.root + "/Tests/IntegrationTests/Python/patroni_variables.py"
    let result = try Command.run([python, script] + words, input: input)
    #expect(result.errors == "")
    return result.output.split(separator: "\n").map { String($0) }
  }

  /// A new version of Patroni with a new variable fails here.
  @Test func everyVariableThatPatroniReadsIsClassified() throws {
    let names = try Self.say(["names"])
    #expect(names.count > 100)
    for name in names {
      let name = name.hasPrefix("*_") ? "PATRONI_CONSUL_" + name.dropFirst(2) : name
      #expect(PatroniVariable.treatment(of: name) != nil, "\(name)")
    }
  }

  /// What no Patroni reads any more, or never did, is no variable of Patroni's.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["PATRONI_PYTHON"] == nil))
  func everyVariableThatIsClassifiedIsPatronis() throws {
    let names = Set(try Self.say(["names"]))
    let suffixes = Set(names.filter { $0.hasPrefix("*_") }.map { String($0.dropFirst(2)) })
    #expect(Set(Words(PatroniVariable.storeSuffixes).all) == suffixes)
    // These are read as those of a store are.
    let stores = ["PATRONI_CITUS_GROUP", "PATRONI_CITUS_DATABASE"]
    // Patroni asks for these when a store's section is there.
    let credentials = ["ETCD", "ETCD3"].flatMap {
      ["PATRONI_\($0)_USERNAME", "PATRONI_\($0)_PASSWORD"]
    }
    for name in PatroniVariable.names where !(stores + credentials).contains(name) {
      #expect(names.contains(name), "\(name)")
    }
  }

  /// A file in which as much as possible stands.
  private static let scenario = "restapi-tls"

  private static func effects(of names: [String]) throws -> [(name: String, paths: [String])] {
    let file = "/Tests/EntrypointCoreTests/Scenarios/\(scenario)/patroni.yml"
    let lines = names.map { "\($0)=\(value(for: $0))" }.joined(separator: "\n")
    return try say(["effects", Repository.root + file], input: lines).map { line in
      let words = line.split(separator: " ").map { String($0) }
      return (words[0], Array(words.dropFirst()))
    }
  }

  /// A value of the kind that Patroni expects there.
  private static func value(for name: String) -> String {
    if name.hasSuffix("_HEADERS") || name.hasSuffix("_FIELDS") || name.hasSuffix("LOGGERS") {
      return "a: b"
    }
    let numbers = ["_SIZE", "_NUM", "_MODE"]
    let flags = ["_INSECURE", "_MEMBERS", "_LOGS"]
    if numbers.contains(where: { name.hasSuffix($0) }) && !name.hasSuffix("SSLMODE") { return "77" }
    return flags.contains { name.hasSuffix($0) } ? "true" : "other"
  }

  @Test func whatIsPassedOnReplacesNothingInTheFile() throws {
    let passed = PatroniVariable.names.filter { PatroniVariable.treatment(of: $0) == .passedOn }
    let scenario = try #require(Scenario.all.first { $0.name == Self.scenario })
    let environment = Environment(entries: scenario.entries)
    let checked = Settings.read(environment, scenario.podFiles(for: environment), needsStore: false)
    let document = try #require(checked.settings).document
    var count = 0
    for effect in try Self.effects(of: passed) {
      #expect(!effect.paths.isEmpty, "\(effect.name)")
      for path in effect.paths {
        let node = path.split(separator: ".").reduce(Optional(document)) { $0?[String($1)] }
        #expect(node == nil, "\(effect.name) replaces \(path)")
        count += 1
      }
    }
    #expect(count > 30)
  }

  @Test func whatIsRefusedWouldReplaceWhatTheProgramAnswersFor() throws {
    let refused = PatroniVariable.names.filter {
      if case .refused? = PatroniVariable.treatment(of: $0) { true } else { false }
    }
    #expect(refused.count > 30)
    let effects = try Self.effects(of: refused)
    #expect(effects.map { $0.name } == refused)
    for effect in effects {
      #expect(effect.paths.count == 1, "\(effect.name)")
      let path = try #require(effect.paths.first)
      let keys = path.split(separator: ".").reversed()
      let yaml = keys.reduce("x") { "{\($1): \($0)}" }
      let scenario = try #require(Scenario.all.first { $0.name == Self.scenario })
      let entries = scenario.entries + [Array("PATRONI_CONFIGURATION=\(yaml)".utf8)]
      let environment = Environment(entries: entries)
      let checked = Settings.read(
        environment,
        scenario.podFiles(for: environment),
        needsStore: false
      )
      let said = checked.problems.map { $0.message }
      #expect(said.contains { $0.contains("cannot be set here") }, "\(path): \(said)")
    }
  }

  @Test func whatIsRefusedIsAnError() throws {
    for name in PatroniVariable.names {
      guard case .refused(let hint)? = PatroniVariable.treatment(of: name) else { continue }
      let problems = PatroniVariable.refusals(
        of: [name],
        in: Environment(entries: [Array("\(name)=x".utf8)])
      )
      #expect(problems.map { $0.subject } == [name])
      #expect(problems.map { $0.severity } == [.error])
      #expect(problems.first?.hint == hint)
    }
  }
}
