/// The options behind the method of a `pg_hba.conf` record.
///
/// See <https://www.postgresql.org/docs/current/auth-methods.html>.
struct HBAOptions {
  private var values: [(name: String, value: String)] = []
  private let connection: HBALine.Connection
  private let method: HBALine.Method
  private let version: PostgresVersion

  /// Checks the `fields` that follow the method.
  init(
    _ fields: ArraySlice<[AccessFileLine.Token]>,
    connection: HBALine.Connection,
    method: HBALine.Method,
    version: PostgresVersion
  ) throws(AccessFileFault) {
    self.connection = connection
    self.method = method
    self.version = version
    for token in fields.joined() {
      let parts = token.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw AccessFileFault("option ", word: token.text, " is not of the form NAME=VALUE")
      }
      let (name, value) = (String(parts[0]), String(parts[1]))
      guard !has(name) else { throw AccessFileFault("option ", word: name, " is given twice") }
      guard !value.isEmpty else { throw AccessFileFault("option ", word: name, " has no value") }
      try check(name, value)
      values.append((name, value))
    }
    switch method {
    case .ldap: try checkLDAP()
    case .radius: try checkRADIUS()
    case .oauth: try checkOAuth()
    default: break
    }
  }

  private func has(_ name: String) -> Bool { self[name] != nil }

  var clientCertificate: HBALine.ClientCertificate {
    switch self["clientcert"] {
    case "verify-full": .ofTheRole
    case "verify-ca", "1": .ofTheAuthority
    default: .none
    }
  }

  private subscript(_ name: String) -> String? { values.first { $0.name == name }?.value }

  /// What a value may be.
  private enum Values {
    case any
    /// PostgreSQL takes 1 for yes and everything else for no; `true` would be no.
    case flag
    case words([String])
    case port
    case clientcert
    case clientname
  }

  /// The options that go with each method; those without one go with every method.
  private static let known: [(name: String, methods: [HBALine.Method], values: Values)] = [
    ("map", [.ident, .peer, .gss, .cert, .oauth], .any), ("clientcert", [], .clientcert),
    ("clientname", [], .clientname), ("pamservice", [.pam], .any),
    ("pam_use_hostname", [.pam], .flag), ("krb_realm", [.gss], .any),
    ("include_realm", [.gss], .flag), ("ldapserver", [.ldap], .any), ("ldapbinddn", [.ldap], .any),
    ("ldapbindpasswd", [.ldap], .any), ("ldapsearchattribute", [.ldap], .any),
    ("ldapsearchfilter", [.ldap], .any), ("ldapbasedn", [.ldap], .any),
    ("ldapprefix", [.ldap], .any), ("ldapsuffix", [.ldap], .any), ("ldaptls", [.ldap], .flag),
    ("ldapscheme", [.ldap], .words(["ldap", "ldaps"])), ("ldapport", [.ldap], .port),
    ("radiusservers", [.radius], .any), ("radiussecrets", [.radius], .any),
    ("radiusports", [.radius], .any), ("radiusidentifiers", [.radius], .any),
    ("issuer", [.oauth], .any), ("scope", [.oauth], .any), ("validator", [.oauth], .any),
    ("delegate_ident_mapping", [.oauth], .flag),
  ]

  private func check(_ name: String, _ value: String) throws(AccessFileFault) {
    if name == "ldapurl" {
      throw AccessFileFault(
        "option ldapurl is not accepted",
        detail: "PostgreSQL rejects the whole file when the LDAP library cannot read the URL.",
        hint: "Write ldapserver, ldapbasedn and the other options that the URL contains."
      )
    }
    guard let option = Self.known.first(where: { $0.name == name }) else {
      throw AccessFileFault("option ", word: name, " is unknown")
    }
    guard option.methods.isEmpty || option.methods.contains(method) else {
      throw AccessFileFault("option \(name) cannot be used with \(method.rawValue)")
    }
    let isValid: Bool
    switch option.values {
    case .any: isValid = true
    case .flag: isValid = value == "1" || value == "0"
    case .words(let words): isValid = words.contains(value)
    case .port: isValid = Self.isPort(value)
    case .clientcert: return try checkClientCert(value)
    case .clientname:
      try require(version.major >= 14, "clientname is not known before PostgreSQL 14")
      try require(connection == .hostssl, "clientname works only with hostssl")
      isValid = value == "CN" || value == "DN"
    }
    if !isValid { throw invalid(name, value) }
  }

  private static func isPort(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = Int(text) else {
      return false
    }
    return (1...65535).contains(port)
  }

  private func checkClientCert(_ value: String) throws(AccessFileFault) {
    try require(connection == .hostssl, "clientcert works only with hostssl")
    // PostgreSQL 13 has words of its own.
    if version.major == 13, value == "1" || value == "verify-ca" { return }
    if version.major == 13, value == "0" || value == "no-verify" {
      return try require(method != .cert, "clientcert=\(value) cannot be combined with cert")
    }
    if method == .cert, value == "verify-ca" {
      throw AccessFileFault(
        "clientcert=verify-ca cannot be combined with cert",
        detail: "PostgreSQL 14 and later reject the whole file and do not start: cert always "
          + "compares the certificate's name with the role.",
        hint: "Write cert alone, or cert with map= for names that differ from the role."
      )
    }
    if value == "1" {
      throw AccessFileFault(
        "option clientcert has invalid value ",
        word: value,
        "",
        detail: "PostgreSQL 14 and later reject the whole file.",
        hint: method == .cert ? "Remove it: cert asks for one." : "Write clientcert=verify-ca."
      )
    }
    if value == "0" || value == "no-verify" {
      throw AccessFileFault(
        "option clientcert has invalid value ",
        word: value,
        "",
        detail: "PostgreSQL 14 and later reject the whole file.",
        hint: "Remove it."
      )
    }
    if value != "verify-ca" && value != "verify-full" { throw invalid("clientcert", value) }
  }

  private func checkLDAP() throws(AccessFileFault) {
    let search = ["ldapbasedn", "ldapbinddn", "ldapbindpasswd", "ldapsearchattribute"]
    if has("ldapprefix") || has("ldapsuffix") {
      let other = (search + ["ldapsearchfilter"]).first { has($0) }
      try require(
        other == nil,
        "\(other ?? "") cannot be combined with ldapprefix and ldapsuffix"
      )
    } else {
      try require(has("ldapbasedn"), "ldap needs ldapbasedn, ldapprefix or ldapsuffix")
    }
    try require(has("ldapserver"), "ldap needs ldapserver")
    try require(
      !has("ldapsearchattribute") || !has("ldapsearchfilter"),
      "ldapsearchattribute and ldapsearchfilter cannot be combined"
    )
  }

  /// PostgreSQL looks host names up while it reads the file, and refuses it when that fails.
  private func checkRADIUS() throws(AccessFileFault) {
    func items(_ name: String) throws(AccessFileFault) -> [String]? {
      guard let value = self[name] else { return nil }
      let items = value.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
      let isPlain = items.allSatisfy { item in
        !item.isEmpty && item.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
      }
      try require(isPlain, "option \(name) is not a list of words separated by commas")
      return items
    }
    guard let servers = try items("radiusservers") else {
      throw AccessFileFault("radius needs radiusservers")
    }
    for server in servers where IPAddress(server) == nil {
      throw AccessFileFault(
        "RADIUS server ",
        word: server,
        " is not an address",
        detail: "PostgreSQL rejects the whole file when it cannot look the name up."
      )
    }
    guard let secrets = try items("radiussecrets") else {
      throw AccessFileFault("radius needs radiussecrets")
    }
    let ports = try items("radiusports") ?? []
    let identifiers = try items("radiusidentifiers") ?? []
    for port in ports where !Self.isPort(port) { throw invalid("radiusports", port) }
    for (name, count) in [
      ("radiussecrets", secrets.count), ("radiusports", ports.count),
      ("radiusidentifiers", identifiers.count),
    ] where count > 1 && count != servers.count {
      throw AccessFileFault("\(name) must hold one item, or as many as radiusservers")
    }
  }

  private func checkOAuth() throws(AccessFileFault) {
    try require(has("issuer") && has("scope"), "oauth needs issuer and scope")
    try require(
      !(has("map") && self["delegate_ident_mapping"] == "1"),
      "map and delegate_ident_mapping cannot be combined"
    )
  }

  private func require(
    _ condition: Bool,
    _ message: @autoclosure () -> String
  ) throws(AccessFileFault) {
    guard condition else { throw AccessFileFault(message()) }
  }

  private func invalid(_ name: String, _ value: String) -> AccessFileFault {
    AccessFileFault("option \(name) has invalid value ", word: value, "")
  }
}
