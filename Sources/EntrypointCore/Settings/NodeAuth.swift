import PostgresConfig

/// What nodes ask of each other, and what they can show.
///
/// One method does while all nodes have it. Two let nodes that ask for passwords and nodes that ask for
/// certificates work together, while the method changes from one node to the next.
struct NodeAuth: RawRepresentable, CaseIterable, Equatable, Sendable {
  /// What a node asks for.
  let asked: Method
  /// What it can show besides that, where another node asks for it.
  let alsoShown: Method?

  enum Method: String, Sendable {
    case cert
    case scramSHA256 = "scram-sha-256"
    case md5
    case trust
  }

  static let cert = NodeAuth(.cert)
  static let scramSHA256 = NodeAuth(.scramSHA256)
  static let trust = NodeAuth(.trust)

  static let allCases = [
    cert, scramSHA256, NodeAuth(.md5), trust,
    NodeAuth(.scramSHA256, .cert), NodeAuth(.cert, .scramSHA256),
    NodeAuth(.md5, .cert), NodeAuth(.cert, .md5),
  ]

  static let expectation =
    "Accepted values are cert, scram-sha-256, md5 and trust, and cert with scram-sha-256 or md5 in "
    + "either order, such as cert,scram-sha-256."

  init(_ asked: Method, _ alsoShown: Method? = nil) {
    (self.asked, self.alsoShown) = (asked, alsoShown)
  }

  init?(rawValue: String) {
    if let method = Method(rawValue: rawValue) {
      self.init(method)
      return
    }
    guard let found = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = found
  }

  var rawValue: String {
    alsoShown.map { "\(asked.rawValue),\($0.rawValue)" } ?? asked.rawValue
  }

  /// A line of `pg_hba.conf` that says which two methods there are; its records say the first only.
  var comment: String? {
    alsoShown.map { _ in "\(Self.commentStart)\(rawValue)" }
  }

  private static let commentStart = "# NODE_AUTH="

  init?(comment: String) {
    guard comment.begins(with: Self.commentStart) else { return nil }
    self.init(rawValue: String(comment.dropFirst(Self.commentStart.count)))
  }

  func shows(_ method: Method) -> Bool { asked == method || alsoShown == method }

  var showsPasswords: Bool { shows(.scramSHA256) || shows(.md5) }
}
