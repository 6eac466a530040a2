/// Random numbers that are the same in every run.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// Lines made of words that belong into the files, and of some that do not.
enum RandomLines {
  private static let connections = ["local", "host", "hostssl", "hostnossl", "hostgssenc", "hostx"]
  private static let names = [
    "all", "\"all\"", "sameuser", "replication", "a,b", "+staff", "\"x y\"", "/x", "@f", "é", "a#b",
  ]
  private static let addresses = [
    "all", "10.0.0.0/8", "10.0.0.1 255.0.0.0", "::1/128", "samenet", ".example.com", "h.example",
    "10.1",
    "1.2.3.4/99", "fe80::/10", "a/8", "\"all\"", "127.0.0.1/32", "::", "10.0.0.0/8,all",
  ]
  private static let methods = [
    "trust", "reject", "md5", "scram-sha-256", "cert", "peer", "ident", "gss", "pam", "ldap",
    "radius",
    "password", "oauth", "sspi",
  ]
  private static let options = [
    "map=x", "clientcert=verify-ca", "clientcert=verify-full", "clientcert=1", "clientname=DN",
    "clientname=x", "pamservice=a", "ldapserver=x", "ldapbasedn=x", "ldapprefix=a", "ldapport=1",
    "radiusservers=::1", "radiussecrets=x", "krb_realm=R", "include_realm=0", "x", "#",
    "\"map=a b\"",
  ]
  private static let pieces = [
    "a", "b", ".", "(", ")", "(?:", "(?=", "[", "]", "[a-z]", "[^x]", "[[:alpha:]]", "*", "+", "?",
    "{2}",
    "{1,3}", "{", "}", "|", "^", "$", "\\d", "\\.", "\\", "\\y", "-", "é", "[]x]", "[a-", "(a)",
    "0",
  ]

  static func hba(_ random: inout SeededRandom) -> String {
    let connection = pick(connections, &random)
    var words = [connection, pick(names, &random), pick(names, &random)]
    if connection != "local" || chance(&random) { words.append(pick(addresses, &random)) }
    words.append(pick(methods, &random))
    while chance(&random) { words.append(pick(options, &random)) }
    if Int.random(in: 0..<20, using: &random) == 0 { words.shuffle(using: &random) }
    return words.joined(separator: " ")
  }

  static func ident(_ random: inout SeededRandom) -> String {
    var pattern = chance(&random) || chance(&random) ? "/" : ""
    for _ in 0..<Int.random(in: 1..<7, using: &random) { pattern += pick(pieces, &random) }
    let role = pick(["x", "\\1", "\"x y\"", "all", "\"all\"", "+x", "x,y"], &random)
    return "people \(pattern) \(role)"
  }

  private static func pick(_ words: [String], _ random: inout SeededRandom) -> String {
    words.randomElement(using: &random) ?? ""
  }

  private static func chance(_ random: inout SeededRandom) -> Bool { Bool.random(using: &random) }
}
