import Foundation

/// The process in a member's container that looks after the certificates.
struct CertificateWatcherProcess {
  let id: pid_t

  /// Whether it has not ended.
  var isRunning: Bool { kill(id, 0) == 0 }

  /// The most memory that it ever had, in kB.
  var peakMemory: Int {
    get throws {
      let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
      guard let match = status.firstMatch(of: #/VmHWM:\s+(\d+) kB/#), let peak = Int(match.1) else {
        throw Failure("no VmHWM of process \(id): \(status)")
      }
      return peak
    }
  }
}

extension Member {
  /// The one that runs now, whose parent keeps it.
  var certificateWatcher: CertificateWatcherProcess? {
    guard let keeper = children.first(where: { $0.name == "certificates" }) else { return nil }
    return children(of: keeper.id).first.map { CertificateWatcherProcess(id: $0.id) }
  }

  /// Patroni's own process; process 1 waits for it, and for everybody else.
  var patroniDaemon: pid_t? {
    children.first { $0.name.hasPrefix("patroni") || $0.name.hasPrefix("python") }?.id
  }

  /// Processes in the container that have ended and that nobody has waited for.
  var zombies: [String] {
    children.filter { $0.state == "Z" }.map { $0.name }
  }

  /// The children of process 1.
  private var children: [(id: pid_t, name: String, state: String)] {
    firstProcess.map { children(of: $0) } ?? []
  }

  private func children(of parent: pid_t) -> [(id: pid_t, name: String, state: String)] {
    let path = "/proc/\(parent)/task/\(parent)/children"
    guard let list = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    return list.split(separator: " ").compactMap { pid_t($0) }.compactMap { id in
      guard let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
        let match = stat.firstMatch(of: #/\d+ \((.*)\) (\S)/#)
      else { return nil }
      return (id, String(match.1), String(match.2))
    }
  }

  /// What is in the directory with copies of the certificates, without what the watcher says of itself.
  func stagedNames() throws -> [String] {
    let path = directory + "/home/.postgresql-tls"
    return try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { !$0.hasPrefix("watcher.") && !$0.hasPrefix(".watcher.") }.sorted()
  }
}
