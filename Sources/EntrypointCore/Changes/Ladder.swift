import PostgresConfig

// The two ladders on which the way that nodes log in changes while the cluster works: nodes on a step and
// nodes on the next one let each other in, in both directions.

/// A setting whose values are steps of a ladder.
protocol LadderStep {
  /// Which step it is, counted from the bottom.
  var step: Int { get }
  /// How it is set.
  var word: String { get }
}

extension SSLMode: LadderStep {
  var step: Int {
    switch self {
    case .disable: 0
    case .allow, .prefer: 1
    case .require: 2
    case .verifyCA: 3
    case .verifyFull: 4
    }
  }

  var word: String { rawValue }

  static let ladder: [SSLMode] = [.disable, .prefer, .require, .verifyCA, .verifyFull]
}

extension NodeAuth: LadderStep {
  var step: Int {
    switch (asked, alsoShown) {
    case (.trust, _): 0
    case (.scramSHA256, nil), (.md5, nil): 1
    case (.scramSHA256, _), (.md5, _): 2
    case (.cert, .some): 3
    case (.cert, nil): 4
    }
  }

  var word: String { rawValue }

  /// Its steps for those whose passwords are asked for by `passwords`.
  static func ladder(_ passwords: Method) -> [NodeAuth] {
    [
      .trust, NodeAuth(passwords), NodeAuth(passwords, .cert), NodeAuth(.cert, passwords), .cert,
    ]
  }

  /// How it asks for passwords, if it does.
  var passwords: Method? {
    [asked, alsoShown].compactMap { $0 }.first { $0 == .scramSHA256 || $0 == .md5 }
  }
}

extension LadderStep {
  /// The steps of `ladder` that lie between here and the nearest of those where somebody may be.
  func steps(between others: [Self], on ladder: [Self]) -> [Self] {
    var nearest: [Self]?
    for other in others {
      let (low, high) = (min(step, other.step), max(step, other.step))
      let between = ladder.filter { $0.step > low && $0.step < high }
      if between.count < nearest?.count ?? .max {
        nearest = other.step < step ? between : between.reversed()
      }
    }
    return nearest ?? []
  }
}
