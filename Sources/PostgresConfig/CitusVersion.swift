/// A version of Citus, as far as it decides which keywords `citus.node_conninfo` may hold.
public struct CitusVersion: Equatable, Comparable, Sendable {
  private let numbers: [Int]

  /// The oldest version whose nodes can show certificates to each other.
  public static let oldest = CitusVersion(11)

  /// A version that is known to be right.
  public init(_ numbers: Int...) {
    self.numbers = numbers
  }

  /// Reads `13`, `13.2`, `13.2.2`, and what packages call it, `13.2.2.citus-1`; nil for others.
  public init?(parsing text: String) {
    var numbers: [Int] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      guard part.utf8.count <= 4, part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
        let number = Int(part)
      else { break }
      numbers.append(number)
    }
    guard !numbers.isEmpty else { return nil }
    self.numbers = numbers
  }

  /// Orders by age; a missing number counts as 0.
  public static func < (left: Self, right: Self) -> Bool {
    for index in 0..<max(left.numbers.count, right.numbers.count) {
      let one = index < left.numbers.count ? left.numbers[index] : 0
      let other = index < right.numbers.count ? right.numbers[index] : 0
      if one != other { return one < other }
    }
    return false
  }
}
