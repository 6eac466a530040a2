import Foundation
import TestSupport

/// What a user waits for, as the members' logs tell: who did what, one after the other.
struct Wait {
  /// Whose time it is.
  enum Owner: String, CaseIterable {
    case entrypoint, patroni = "Patroni", postgresql = "PostgreSQL"
  }

  /// What one of them did.
  struct Part {
    let owner: Owner
    let what: String
    let seconds: Double
  }

  let name: String
  private(set) var parts: [Part] = []
  /// When the last of the parts ended.
  private(set) var end: Date

  init(_ name: String, from start: Date) {
    self.name = name
    end = start
  }

  var seconds: Double { parts.map { $0.seconds }.reduce(0, +) }

  /// What `owner` did until `member` logged a line with `words`.
  mutating func add(_ owner: Owner, _ what: String, until words: String, by member: Member) throws {
    try add(owner, what, until: member.timeOfLine(with: words, after: end))
  }

  /// What `owner` did until that time.
  mutating func add(_ owner: Owner, _ what: String, until time: Date) {
    parts.append(Part(owner: owner, what: what, seconds: time.timeIntervalSince(end)))
    end = time
  }

  /// The same wait with another name, which goes on.
  func renamed(_ name: String) -> Wait {
    var wait = Wait(name, from: end)
    wait.parts = parts
    return wait
  }
}

extension Member {
  /// When it first logged a line with `words`, at or after `start`; waits for it.
  func timeOfLine(with words: String, after start: Date) throws -> Date {
    try eventually("\(name) logs \(words)") { try findLine(with: words, after: start) }
  }

  /// The same, if there is one.
  func findLine(with words: String, after start: Date) throws -> Date? {
    for line in try logLines() where line.contains(words) {
      if let time = Self.time(of: line), time >= start { return time }
    }
    return nil
  }

  /// Patroni writes `2026-11-27 15:57:01,064 INFO: …`, PostgreSQL `2026-11-27 15:57:01.064 UTC [8197] LOG: …`.
  static func time(of line: Substring) -> Date? {
    guard let match = line.firstMatch(of: #/^(\d+-\d+-\d+) (\d+:\d+:\d+)[,.](\d+) /#),
      let time = try? Date("\(match.1)T\(match.2)Z", strategy: .iso8601),
      let fraction = Double("0.\(match.3)")
    else { return nil }
    return time + fraction
  }
}
