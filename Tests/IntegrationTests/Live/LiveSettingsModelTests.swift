import Foundation
import TestSupport
import Testing

/// Random edits of everything that is watched; what is in use is always the last good set, byte for byte what a start
/// would write.
///
/// LIVE_EDITS=1000 makes so many, with LIVE_SEED as the seed.
@Suite(.onOwnThread) struct LiveSettingsModelTests {
  private static func number(_ name: String, otherwise: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? otherwise
  }

  @Test func theLastGoodSetIsInUse() throws {
    let pod = try LivePod()
    for set in ["first", "second"] { try pod.makeCertificates(set, named: "node") }
    try pod.makeCertificates("stranger", named: "stranger")
    try pod.mount("first")
    try pod.home.write("passfile", "*:*:*:app:one\n")
    var model = EditedPod(seed: UInt64(Self.number("LIVE_SEED", otherwise: 1)))
    try pod.write(model.values)
    try pod.start(["CONNECT_BY": "ip", "NODE_PASSFILE": pod.home.path + "/passfile"])
    var good = try #require(try pod.nextFile())
    #expect(pod.file == good)
    var (accepted, refused, isRefused) = (0, 0, false)
    for edit in 1...Self.number("LIVE_EDITS", otherwise: 100) {
      let story = try model.edit(pod, wasRefused: isRefused)
      let next = try pod.nextFile()
      if let next { good = next }
      isRefused = next == nil
      if isRefused { refused += 1 } else { accepted += 1 }
      let isRight = eventually(within: 20) {
        pod.file.spelled == good.spelled
          && (pod.status?.contains("refused ") ?? false) == isRefused
      }
      #expect(isRight, "edit \(edit), \(story): \(pod.errors.suffix(3000))")
      if !isRight { return }
    }
    print("\(accepted) edits were accepted, \(refused) refused")
    #expect(accepted > 20 && refused > 20)
    #expect(eventually(within: 10) { pod.status?.contains("untold") == false })
    for secret in ["Sup3r-pw", "R3pl-pw", "PRIVATE KEY"] { #expect(!pod.errors.contains(secret)) }
  }
}

extension String {
  /// With one spelling of the path of the REST API's authorities.
  fileprivate var spelled: String { replacing("/current/./", with: "/current/") }
}

/// What is mounted, and the ways in which it changes.
private struct EditedPod {
  private static let good = [
    "PGSSLMODE": "prefer", "CLIENT_AUTH": "md5", "NODE_CERT_NAMES": "node",
  ]

  private var random: SeededRandom
  private(set) var values = good

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
  }

  private static let choices: [(name: String, values: [String])] = [
    ("PGSSLMODE", ["disable", "prefer", "require", "verify-ca", "verify_full"]),
    ("CLIENT_AUTH", ["md5", "scram-sha-256", "none", "cert", ""]),
    ("NODE_AUTH", ["scram-sha-256", "md5", "cert", "trust"]),
    ("NODE_ADDRESSES", ["10.0.0.0/8", "/16", "all", "10.0.0.0/99"]),
    ("NODE_CERT_NAMES", ["node", "node,other", "/(", "stranger"]),
    ("RESTAPI_TLS", ["on", "off", "perhaps"]),
    (
      "PATRONI_CONFIGURATION",
      [
        "postgresql: {parameters: {work_mem: 8MB}}\n",
        "postgresql: {pg_hba: ['host all app all scram-sha-256', 'host b b all md5']}\n",
        "postgresql: {pg_hba: ['host all app all scram']}\n", "postgresql: {", "tags: {a: b}\n",
      ]
    ),
  ]

  /// Makes one edit, and says which.
  mutating func edit(_ pod: LivePod, wasRefused: Bool) throws -> String {
    if wasRefused, Int.random(in: 0..<3, using: &random) == 0 {
      // Somebody mends everything.
      values = Self.good
      try pod.home.write("passfile", "*:*:*:app:one\n")
      try pod.home.write("super", "Sup3r-pw\n")
      try pod.mount("first")
      try pod.write(values)
      return "all is mended"
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      let set = ["first", "second", "stranger"].randomElement(using: &random) ?? "first"
      try pod.mount(set)
      return "certificates \(set)"
    case 1:
      let text =
        ["*:*:*:app:two\n", "broken\n", "*:*:*:app:one\n"].randomElement(using: &random) ?? ""
      try pod.home.write("passfile", text)
      return "passfile \(text)"
    case 2:
      let text = ["Sup3r-pw2\n", "", "Sup3r-pw\n"].randomElement(using: &random) ?? ""
      try pod.home.write("super", text)
      return "password \(text)"
    case 3:
      // Together, as one change.
      let story = change()
      let set = ["first", "second"].randomElement(using: &random) ?? "first"
      try pod.mount(set)
      try pod.write(values)
      return "\(story) and certificates \(set)"
    default:
      let story = change()
      try pod.write(values)
      return story
    }
  }

  private mutating func change() -> String {
    let choice = Self.choices.randomElement(using: &random) ?? Self.choices[0]
    let value =
      Bool.random(using: &random)
      ? choice.values.first : choice.values.randomElement(using: &random)
    // Without names a running member keeps to the one that it has, and a start takes any.
    let isRemoved = choice.name != "NODE_CERT_NAMES" && Int.random(in: 0..<4, using: &random) == 0
    values[choice.name] = isRemoved ? nil : value
    return "\(choice.name) \(values[choice.name] ?? "removed")"
  }
}
