/// Waits of several clusters.
struct WaitTable {
  /// In the order in which they were first met.
  private var names: [String] = []
  private var waits: [String: [Wait]] = [:]

  mutating func add(_ wait: Wait) {
    if waits[wait.name] == nil { names.append(wait.name) }
    waits[wait.name, default: []].append(wait)
    print("\(wait.name): \(Self.text(wait.seconds))")
  }

  /// For each wait the median, the least and the most, and the medians of everybody's share, then of its parts.
  var text: String { names.map { text(of: waits[$0] ?? []) }.joined(separator: "\n") }

  private func text(of waits: [Wait]) -> String {
    guard let first = waits.first else { return "" }
    let all = waits.map { $0.seconds }
    let shares = Wait.Owner.allCases.compactMap { owner in
      let seconds = waits.map { wait in
        wait.parts.filter { $0.owner == owner }.map { $0.seconds }.reduce(0, +)
      }
      return seconds.contains { $0 > 0 } ? "\(owner.rawValue) \(Self.text(median(seconds)))" : nil
    }
    let head =
      "\(first.name): \(Self.text(median(all))) "
      + "(\(Self.text(all.min() ?? 0)) to \(Self.text(all.max() ?? 0)), \(all.count) times): "
      + shares.joined(separator: ", ")
    let parts = first.parts.indices.map { index in
      let part = first.parts[index]
      let seconds = Self.text(median(waits.map { $0.parts[index].seconds }))
      return "  " + Self.padded(seconds, to: 8, atEnd: false)
        + "  " + Self.padded(part.owner.rawValue, to: 10, atEnd: true) + "  \(part.what)"
    }
    return ([head] + parts).joined(separator: "\n")
  }

  private func median(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// In milliseconds below a second.
  private static func text(_ seconds: Double) -> String {
    guard seconds >= 1 else { return "\(Int((seconds * 1000).rounded())) ms" }
    return "\((seconds * 10).rounded() / 10) s"
  }

  private static func padded(_ text: String, to width: Int, atEnd: Bool) -> String {
    let space = String(repeating: " ", count: max(width - text.count, 0))
    return atEnd ? text + space : space + text
  }
}
