import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// What a user waits for, with what the chart sets in its pods: each thing happens, however long it takes.
  ///
  /// `make waits` runs it and shows the table.
  @Suite struct Waits {
    /// In how many clusters to measure.
    private static let rounds = ProcessInfo.processInfo.environment["WAITS"].flatMap { Int($0) }

    @Test(.enabled(if: rounds != nil, "it measures; make waits runs it"))
    func waits() throws {
      let rounds = Self.rounds ?? 0
      var table = WaitTable()
      for round in 0..<rounds {
        try TestBed.run { bed in
          let cluster = try WaitingCluster(bed, phase: (Double(round) + 0.5) / Double(rounds))
          for wait in try cluster.start() { table.add(wait) }
          table.add(try cluster.add())
          table.add(try cluster.failOver())
          table.add(try cluster.switchOver())
          for wait in try cluster.renewCertificate() { table.add(wait) }
        }
      }
      print(table.text)
    }
  }
}
