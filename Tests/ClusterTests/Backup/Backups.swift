import Foundation
import TestSupport
import Testing

/// What docs/BACKUP.md has pods do, with a repository in a directory that all of them share.
final class Backups {
  private let bed: TestBed
  private let repository: String

  init(_ bed: TestBed) throws {
    self.bed = bed
    repository = bed.network.directory + "/backups"
    try Command.output(["install", "-d", "-m", "0700", "-o", "postgres", repository])
  }

  /// Gives the members of a group pgBackRest, and the settings of a values file of the document.
  func equip(_ cluster: Cluster, with values: String) throws {
    let configuration = try Self.configuration(Self.file(values))
    for member in cluster.members {
      let programs = member.directory + "/bin"
      try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
      try write(Self.file("pgbackrest-group"), to: programs + "/pgbackrest-group")
      // A pod's host name is its own.
      try write("#!/bin/sh\necho \(member.name)\n", to: programs + "/hostname")
      let path = try #require(Command.plainEnvironment["PATH"])
      let settings = [
        "PATH": programs + ":" + path, "PATRONI_CONFIGURATION": configuration,
        "PGBACKREST_PG1_PATH": member.dataDirectory,
        "PGBACKREST_PG1_SOCKET_PATH": member.socketDirectory,
        "PGBACKREST_PG1_USER": "postgres",
        "PGBACKREST_LOG_LEVEL_FILE": "off", "PGBACKREST_START_FAST": "y",
        "PGBACKREST_LOCK_PATH": member.directory + "/home/lock",
        "PGBACKREST_REPO1_PATH": repository, "PGBACKREST_REPO1_RETENTION_FULL": "2",
      ]
      member.environment.merge(settings) { $1 }
    }
  }

  /// Runs the document's script in a pod; it must succeed.
  func run(_ words: String..., on member: Member) throws {
    let result = try member.run(["pgbackrest-group"] + words)
    guard result.exitCode == 0 else { throw Failure(result) }
  }

  /// Ends all pods, and removes their volumes and what the store has of them.
  func loseEverything(_ clusters: [Cluster]) throws {
    for member in clusters.flatMap({ $0.members }) {
      try member.stop()
      for place in ["home", "run", "volume"] {
        try Command.output(["find", "\(member.directory)/\(place)", "-mindepth", "1", "-delete"])
      }
    }
    try bed.store.clear()
  }

  private func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    chmod(path, 0o755)
  }

  /// The block below "Save this as `name`".
  private static func file(_ name: String) throws -> String {
    let text = try Repository.read("docs/BACKUP.md")
    let parts = text.components(separatedBy: "Save this as `\(name)`")
    let rest = try #require(parts.count == 2 ? parts[1] : nil, "\(name) is not there once")
    let block = try #require(rest.firstMatch(of: #/```\w+\n((?s).*?)```/#))
    return String(block.1)
  }

  /// The text under `configuration: |`.
  private static func configuration(_ values: String) throws -> String {
    let parts = values.components(separatedBy: "configuration: |\n")
    let text = try #require(parts.count == 2 ? parts[1] : nil)
    return text.replacing(#/(?m)^  /#, with: "")
  }
}
