import Foundation
import TestSupport
import Testing

// The image's cluster-check, run where `kubectl exec` would run it.
extension Member {
  /// The directory that the pod knows by this name, so that the settings of all pods are the same.
  private static let place = "/mnt"

  /// Gives the pod its own directory in the same place that every other one has.
  func moveToCommonPlace() {
    mounts = "mount --bind \(directory) \(Self.place)"
    environment = environment.mapValues { $0.replacing(directory, with: Self.place) }
    environment["PATH"] = Repository.root + "/dist:" + (environment["PATH"] ?? "")
    program = Self.releaseProgram(Self.place)
  }

  /// What cluster-check finds.
  func checkCluster(_ options: String...) throws -> ClusterCheck {
    let script = [
      Repository.virtualEnvironment + "/bin/python", "-B",
      Repository.root + "/docker/cluster-check",
    ]
    return ClusterCheck(try runBesidePatroni(script + options))
  }

  /// Runs `words` among the processes, and with the mounts, of the running container.
  func runBesidePatroni(_ words: [String]) throws -> CommandResult {
    let process = try #require(firstProcess)
    let enter = ["nsenter", "--target", "\(process)", "--net", "--mount", "--pid"]
    return try Command.run(enter + user.words + words, environment: environment)
  }
}

/// What cluster-check printed, and how it ended.
struct ClusterCheck {
  let result: CommandResult

  init(_ result: CommandResult) {
    self.result = result
  }

  /// Its lines with this verdict, with one blank between words.
  func lines(_ verdict: String) -> [String] {
    result.output.split(separator: "\n").filter { $0.hasPrefix(verdict + " ") }.map {
      $0.split(separator: " ").dropFirst().joined(separator: " ")
    }
  }

  /// Everything is as it should be.
  func expectNoFault(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(lines("error") == [], "\(result.errors)", sourceLocation: sourceLocation)
    #expect(lines("warning") == [], sourceLocation: sourceLocation)
    #expect(result.exitCode == 0, sourceLocation: sourceLocation)
  }
}
