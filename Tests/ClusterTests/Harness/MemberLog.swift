import Foundation

/// A place in a member's log.
struct LogMark {
  let offset: UInt64
}

/// A connection that was let in, as the server's log tells.
struct Login: Equatable {
  let user: String
  /// The subject of the certificate, or the name that came with a password; nil for `trust`.
  let identity: String?
  let method: String
  let usesTLS: Bool
  /// The address that it came from; `[local]` for the socket.
  let source: String
  /// The whole line of its authorization.
  let line: String

  /// Whether it came through the socket.
  var isLocal: Bool { source == "[local]" }
}

extension Member {
  /// The log's end, for a look at what comes after it.
  func markLog() -> LogMark {
    let size = try? FileManager.default.attributesOfItem(atPath: log)[.size] as? NSNumber
    return LogMark(offset: size?.uint64Value ?? 0)
  }

  /// What was logged, since a mark or ever.
  func logLines(since mark: LogMark = LogMark(offset: 0)) throws -> [Substring] {
    guard let file = FileHandle(forReadingAtPath: log) else { return [] }
    try file.seek(toOffset: mark.offset)
    let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    return text.split(separator: "\n")
  }

  /// Whether a line contains all of `words`.
  func hasLogged(_ words: String..., since mark: LogMark = LogMark(offset: 0)) throws -> Bool {
    try logLines(since: mark).contains { line in words.allSatisfy { line.contains($0) } }
  }

  /// The connections that were let in, since the container was started last unless told otherwise;
  /// the server logs them when `log_connections` is on.
  ///
  /// See <https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-CONNECTIONS>.
  func logins(since mark: LogMark? = nil) throws -> [Login] {
    var sources: [Substring: String] = [:]
    var authenticated: [Substring: (identity: String, method: String)] = [:]
    var logins: [Login] = []
    for line in try logLines(since: mark ?? lastStart) {
      guard let process = line.firstMatch(of: #/\[(\d+)\] LOG: /#)?.1 else { continue }
      if let match = line.firstMatch(of: #/connection received: host=(\S+)/#) {
        // Process ids are used again.
        authenticated[process] = nil
        sources[process] = String(match.1)
      } else if let match = line.firstMatch(
        of: #/connection authenticated: identity="(.*)" method=(\S+)/#
      ) {
        authenticated[process] = (String(match.1), String(match.2))
      } else if let match = line.firstMatch(of: #/connection authorized: user=(\S+)/#) {
        let proof = authenticated.removeValue(forKey: process)
        logins.append(
          Login(
            user: String(match.1),
            identity: proof?.identity,
            method: proof?.method ?? "trust",
            usesTLS: line.contains("SSL enabled"),
            source: sources[process] ?? "unknown",
            line: String(line)
          )
        )
      }
    }
    return logins
  }
}
