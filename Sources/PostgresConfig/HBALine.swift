/// A line of `pg_hba.conf` that somebody else wrote, checked as PostgreSQL would read it.
///
/// PostgreSQL rejects the whole file for one bad line, at a cold start for good; so what is refused
/// there is refused here, and what would be read from elsewhere, or as something else by another
/// version, is refused, too.
/// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
public struct HBALine: Equatable, Sendable {
  /// The line as it was written.
  public let text: String
  /// What it says; nil for a comment or a blank line.
  public let record: Record?
  /// Whether a password stands in it, in a comment maybe.
  public let holdsSecret: Bool

  /// The parts of a record that others must know.
  public struct Record: Equatable, Sendable {
    /// What kind of connection it is about.
    public let connection: Connection
    /// How clients prove who they are.
    public let method: Method
    /// Whether it is about connections from the host itself only.
    public let isLocal: Bool
    /// What a client's certificate must be, whatever the method asks for.
    public let clientCertificate: ClientCertificate
    /// Which connections it is about.
    public let match: HBAMatch
  }

  /// What the option `clientcert` asks for.
  public enum ClientCertificate: Sendable {
    /// Nothing.
    case none
    /// A certificate that the authority signed.
    case ofTheAuthority
    /// One whose name is the role's.
    case ofTheRole
  }

  /// The first column.
  public enum Connection: String, CaseIterable, Sendable {
    /// Over the Unix-domain socket.
    case local
    /// Over TCP.
    case host
    /// Over TCP with TLS.
    case hostssl
    /// Over TCP without TLS.
    case hostnossl
    /// Over TCP with GSSAPI encryption.
    case hostgssenc
    /// Over TCP without GSSAPI encryption.
    case hostnogssenc
  }

  /// The methods that PostgreSQL has on Linux.
  public enum Method: String, CaseIterable, Sendable {
    case trust
    case reject
    case scramSHA256 = "scram-sha-256"
    case md5
    case password
    case gss
    case ident
    case peer
    case ldap
    case radius
    case cert
    case pam
    /// From PostgreSQL 18 on.
    case oauth
  }

  /// Checks `text` for a server of `version`.
  public init(parsing text: String, version: PostgresVersion) throws(AccessFileFault) {
    self.text = text
    holdsSecret = Self.namesPassword(text)
    do throws(AccessFileFault) {
      let line = try AccessFileLine(text, version: version)
      guard !line.fields.isEmpty else {
        record = nil
        return
      }
      var reader = HBAFieldReader(fields: line.fields[...], version: version)
      record = try reader.record()
    } catch {
      throw holdsSecret ? error.hidingWord() : error
    }
  }

  /// Whether an option for a password is named anywhere, be it where it does not belong.
  public static func namesPassword(_ text: String) -> Bool {
    text.holds("ldapbindpasswd") || text.holds("radiussecrets")
  }
}

/// Reads the columns of a record from left to right.
private struct HBAFieldReader {
  var fields: ArraySlice<[AccessFileLine.Token]>
  let version: PostgresVersion
  var addresses = HBAMatch.Addresses.none

  mutating func record() throws(AccessFileFault) -> HBALine.Record {
    let connection = try connection()
    let databases = try names("database")
    let roles = try names("role")
    let isLoopback = connection == .local ? true : try address()
    let method = try method(connection)
    let options = try HBAOptions(fields, connection: connection, method: method, version: version)
    return HBALine.Record(
      connection: connection,
      method: method,
      isLocal: isLoopback,
      clientCertificate: options.clientCertificate,
      match: HBAMatch(
        transports: connection.transports,
        databases: databases,
        roles: roles,
        addresses: addresses
      )
    )
  }

  private mutating func next(_ what: String) throws(AccessFileFault) -> [AccessFileLine.Token] {
    guard let field = fields.popFirst() else { throw AccessFileFault("ends before the \(what)") }
    return field
  }

  private mutating func connection() throws(AccessFileFault) -> HBALine.Connection {
    let token = try AccessFileLine.single(next("connection type"), "connection type")
    guard let connection = HBALine.Connection(rawValue: token.text) else {
      throw AccessFileFault(
        "connection type ",
        word: token.text,
        " is unknown",
        detail: "Accepted values are "
          + "\(HBALine.Connection.allCases.map { $0.rawValue }.joined(separator: ", "))."
      )
    }
    return connection
  }

  /// From PostgreSQL 16 on a slash introduces a regular expression, in quotes, too.
  private mutating func names(
    _ what: String
  ) throws(AccessFileFault) -> [AccessFileLine.Token] {
    let tokens = try next(what)
    for token in tokens where token.text.hasPrefix("/") {
      guard version.readsPatternsInRoleNames else {
        throw AccessFileFault(
          what + " ",
          word: token.text,
          " is a pattern only from PostgreSQL 16 on",
          detail: "PG_MAJOR is \(version.major), where it is a name."
        )
      }
      try RegularExpressionSyntax.check(token.text.dropFirst())
    }
    return tokens
  }

  /// Whether the address is a loopback address.
  private mutating func address() throws(AccessFileFault) -> Bool {
    let token = try AccessFileLine.single(next("address"), "address")
    addresses = .named(token.text)
    if token.isKeyword("all") || token.isKeyword("samehost") || token.isKeyword("samenet") {
      if token.text == "all" { addresses = .all }
      return token.text == "samehost"
    }
    let parts = token.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if let address = IPAddress(String(parts[0])) {
      guard parts.count == 2 else { return try mask(for: address) && address.isLoopback }
      guard parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let length = Int(parts[1]),
        length <= address.bitCount
      else {
        throw AccessFileFault("network ", word: token.text, " has no valid prefix length")
      }
      if let network = IPNetwork(containing: address, prefixLength: length) {
        addresses = .network(network)
      }
      return address.isLoopback && length >= (address.isIPv6 ? 128 : 8)
    }
    guard parts.count == 1 else {
      throw AccessFileFault(
        word: token.text,
        " is not a network",
        detail: "Only an IPv4 or IPv6 address can be followed by a prefix length."
      )
    }
    try checkHostName(token)
    // PostgreSQL compares names in upper and lower case as the same.
    addresses = .named(token.text.lowercased())
    return token.text == "localhost"
  }

  private mutating func mask(for address: IPAddress) throws(AccessFileFault) -> Bool {
    guard !fields.isEmpty else {
      throw AccessFileFault(
        "ends before the netmask",
        hint: "Write \(address.description)/\(address.bitCount) for one address."
      )
    }
    let token = try AccessFileLine.single(next("netmask"), "netmask")
    guard let mask = IPAddress(token.text), mask.isIPv6 == address.isIPv6 else {
      throw AccessFileFault(
        word: token.text,
        " is not a netmask for \(address.description)",
        hint: "Write \(address.description)/\(address.bitCount) for one address."
      )
    }
    addresses = .masked(address, mask)
    return mask.bytes.allSatisfy { $0 == 0xff }
  }

  /// The C library takes forms such as `10.1` and `0x7f.1` for addresses, but not those one would
  /// expect; PostgreSQL takes everything else for a name, which would then match nobody.
  private func checkHostName(_ token: AccessFileLine.Token) throws(AccessFileFault) {
    let name = token.text.hasPrefix(".") ? token.text.dropFirst() : token.text[...]
    let first = name.utf8.first ?? 0
    let isNumeric =
      first >= 0x30 && first <= 0x39
      && name.utf8.allSatisfy { byte in
        switch byte | 0x20 {
        case 0x30...0x39, UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "x"): true
        default: byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        }
      }
    guard HostName.isName(name), !isNumeric,
      !["all", "samehost", "samenet"].contains(token.text)
    else {
      throw AccessFileFault(
        word: token.text,
        " is neither an address nor a host name",
        hint: "Write a network such as 10.0.0.0/8, a host name, a .suffix, or all."
      )
    }
  }

  private mutating func method(
    _ connection: HBALine.Connection
  ) throws(AccessFileFault) -> HBALine.Method {
    let token = try AccessFileLine.single(next("authentication method"), "authentication method")
    guard let method = HBALine.Method(rawValue: token.text), method != .oauth || version.major >= 18
    else {
      let known = HBALine.Method.allCases.filter { $0 != .oauth || version.major >= 18 }
      throw AccessFileFault(
        "method ",
        word: token.text,
        " is not known to PostgreSQL \(version.major)",
        detail: "Accepted values are \(known.map { $0.rawValue }.joined(separator: ", "))."
      )
    }
    switch (method, connection) {
    case (.gss, .local): throw AccessFileFault("gss does not work over the socket")
    case (.peer, .local): break
    case (.peer, _): throw AccessFileFault("peer works only over the socket")
    case (.cert, .hostssl): break
    case (.cert, _): throw AccessFileFault("cert works only with hostssl")
    default: break
    }
    return method
  }
}

extension HBALine.Connection {
  fileprivate var transports: HBAMatch.Transports {
    switch self {
    case .local: .socket
    case .host: [.plain, .tls, .gss]
    case .hostssl: .tls
    case .hostnossl: [.plain, .gss]
    case .hostgssenc: .gss
    case .hostnogssenc: [.plain, .tls]
    }
  }
}
