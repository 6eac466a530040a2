import Foundation
import TestSupport

/// What the chart sets in the pods of its defaults.
struct ChartPod: Decodable {
  /// Variables in the environment, without those that say which pod it is and where its places are.
  let environment: [String: String]
  /// What is mounted in SETTINGS_DIRECTORY.
  let settings: [String: String]

  var scope: String { environment["PATRONI_SCOPE"] ?? "" }

  static func rendered() throws -> ChartPod {
    let text = try Command.output([
      Repository.virtualEnvironment + "/bin/python",
      Repository.root + "/Tests/ClusterTests/Waits/variables.py",
    ])
    return try JSONDecoder().decode(ChartPod.self, from: Data(text.utf8))
  }
}
