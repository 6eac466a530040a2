/// The options behind the method of a `pg_hba.conf` record.
///
/// See <https://www.postgresql.org/docs/current/auth-methods.html>.
struct HBAOptions {
  /// Whether a password is among them.
  var holdSecret: Bool { has("ldapbindpasswd") || has("radiussecrets") }

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
        throw fault("option", token.text, "is not of the form NAME=VALUE")
      }
      let (name, value) = (String(parts[0]), String(parts[1]))
      guard !has(name) else { throw AccessFileFault("option \(name) is given twice") }
      guard !value.isEmpty else { throw AccessFileFault("option \(name) has no value") }
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

  /// Names no word behind a password: it may be a part of it.
  private func fault(_ what: String, _ word: String, _ reason: String) -> AccessFileFault {
    AccessFileFault(
      holdSecret ? "an \(what) \(reason)" : "\(what) \(String(quoting: word)) \(reason)"
    )
  }

  private func has(_ name: String) -> Bool { self[name] != nil }

  private subscript(_ name: String) -> String? { values.first { $0.name == name }?.value }

  private func check(_ name: String, _ value: String) throws(AccessFileFault) {
    switch name {
    case "map": try require([.ident, .peer, .gss, .cert, .oauth], name)
    case "clientcert": try checkClientCert(value)
    case "clientname":
      try require(version.major >= 14, "clientname is not known before PostgreSQL 14")
      try require(connection == .hostssl, "clientname works with hostssl only")
      try require(["CN", "DN"].contains(value), invalid(name, value))
    case "pamservice", "pam_use_hostname":
      try require([.pam], name)
      try require(name == "pamservice" || isSwitch(value), invalid(name, value))
    case "krb_realm", "include_realm":
      try require([.gss], name)
      try require(name == "krb_realm" || isSwitch(value), invalid(name, value))
    case "ldapurl", "ldapserver", "ldapbinddn", "ldapbindpasswd", "ldapsearchattribute",
      "ldapsearchfilter", "ldapbasedn", "ldapprefix", "ldapsuffix", "ldaptls", "ldapscheme",
      "ldapport":
      try require([.ldap], name)
      try checkLDAP(name, value)
    case "radiusservers", "radiussecrets", "radiusports", "radiusidentifiers":
      try require([.radius], name)
    case "issuer", "scope", "validator", "delegate_ident_mapping":
      try require([.oauth], name)
      try require(name != "delegate_ident_mapping" || isSwitch(value), invalid(name, value))
    default:
      throw fault("option", name, "is unknown")
    }
  }

  private func checkClientCert(_ value: String) throws(AccessFileFault) {
    try require(connection == .hostssl, "clientcert works with hostssl only")
    if method == .cert, value == "verify-ca" {
      throw AccessFileFault(
        "clientcert=verify-ca cannot stand beside cert",
        detail: "PostgreSQL 14 and later refuse the whole file and do not start: cert always "
          + "compares the certificate's name with the role.",
        hint: "Write cert alone, or cert with map= for names that differ from the role."
      )
    }
    try require(["verify-ca", "verify-full"].contains(value), invalid("clientcert", value))
  }

  private func checkLDAP(_ name: String, _ value: String) throws(AccessFileFault) {
    switch name {
    case "ldaptls": try require(isSwitch(value), invalid(name, value))
    case "ldapscheme": try require(["ldap", "ldaps"].contains(value), invalid(name, value))
    case "ldapport":
      let port = value.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(value) : nil
      try require(port.map { (1...65535).contains($0) } == true, invalid(name, value))
    case "ldapurl":
      throw AccessFileFault(
        "option ldapurl is not accepted",
        detail: "PostgreSQL refuses the whole file when the LDAP library cannot read the URL.",
        hint: "Write ldapserver, ldapbasedn and the other options that the URL stands for."
      )
    default: break
    }
  }

  private func checkLDAP() throws(AccessFileFault) {
    let search = ["ldapbasedn", "ldapbinddn", "ldapbindpasswd", "ldapsearchattribute"]
    if has("ldapprefix") || has("ldapsuffix") {
      let other = (search + ["ldapsearchfilter"]).first { has($0) }
      try require(
        other == nil,
        "\(other ?? "") cannot stand beside ldapprefix and ldapsuffix"
      )
    } else {
      try require(has("ldapbasedn"), "ldap needs ldapbasedn, ldapprefix or ldapsuffix")
    }
    try require(has("ldapserver"), "ldap needs ldapserver")
    try require(
      !has("ldapsearchattribute") || !has("ldapsearchfilter"),
      "ldapsearchattribute and ldapsearchfilter exclude each other"
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
        "RADIUS server \(String(quoting: server)) is not an address",
        detail: "PostgreSQL refuses the whole file when it cannot look the name up."
      )
    }
    guard let secrets = try items("radiussecrets") else {
      throw AccessFileFault("radius needs radiussecrets")
    }
    let ports = try items("radiusports") ?? []
    let identifiers = try items("radiusidentifiers") ?? []
    for port in ports {
      let number = port.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(port) : nil
      try require(number.map { (1...65535).contains($0) } == true, invalid("radiusports", port))
    }
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
      "map and delegate_ident_mapping exclude each other"
    )
  }

  /// PostgreSQL takes 1 for yes and everything else for no; `true` would be no.
  private func isSwitch(_ value: String) -> Bool { value == "1" || value == "0" }

  private func require(_ methods: [HBALine.Method], _ name: String) throws(AccessFileFault) {
    try require(methods.contains(method), "option \(name) does not go with \(method.rawValue)")
  }

  private func require(
    _ condition: Bool,
    _ message: @autoclosure () -> String
  ) throws(AccessFileFault) {
    guard condition else { throw AccessFileFault(message()) }
  }

  private func invalid(_ name: String, _ value: String) -> String {
    "option \(name) has invalid value \(String(quoting: value))"
  }
}
