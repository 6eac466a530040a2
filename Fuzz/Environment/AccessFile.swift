import PostgresConfig

/// A line of `pg_hba.conf` or `pg_ident.conf` as PostgreSQL takes it apart.
///
/// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
struct AccessLine: Equatable {
  struct Token: Equatable {
    var text: String
    var isQuoted: Bool
  }

  /// The fields, each a list that commas separate.
  private(set) var fields: [[Token]] = []
  /// Whether a quote is not closed.
  private(set) var isOpen = false

  init(_ line: String) {
    var bytes: [UInt8] = []
    var field: [Token] = []
    var (isQuoted, isInside, hasToken, wasQuote, endsWithComma) = (
      false, false, false, false, false
    )
    func finished() -> Token {
      Token(text: String(decoding: bytes, as: UTF8.self), isQuoted: isQuoted)
    }
    for byte in Array(line.utf8) + [0] {
      let isBlank = byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0
      if !isInside && (isBlank || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "#")) {
        if hasToken { field.append(finished()) }
        endsWithComma = byte == UInt8(ascii: ",") || (!hasToken && endsWithComma)
        (bytes, isQuoted, hasToken, wasQuote) = ([], false, false, false)
        if !endsWithComma, !field.isEmpty {
          fields.append(field)
          field = []
        }
        if byte == UInt8(ascii: "#") { break }
        continue
      }
      guard byte == UInt8(ascii: "\"") else {
        bytes.append(byte)
        (hasToken, wasQuote) = (true, false)
        continue
      }
      // A quote right behind the one that closed is a quote.
      if wasQuote { bytes.append(byte) }
      wasQuote = isInside && !wasQuote
      isInside.toggle()
      if !hasToken { isQuoted = true }
      hasToken = true
    }
    isOpen = isInside
    if isInside || !field.isEmpty { fields.append(field) }
  }

  /// The fields when each is a single token.
  var single: [Token]? {
    !isOpen && fields.allSatisfy { $0.count == 1 } ? fields.map { $0[0] } : nil
  }
}

/// What a record of `pg_hba.conf` means.
struct AccessRecord: Equatable {
  var kind: String
  var database: String
  var user: Name
  var address: String?
  var method: [String]

  /// A role column: a keyword, or a name whatever it looks like.
  enum Name: Equatable {
    case all
    case role(String)
    case other

    init(_ token: AccessLine.Token) {
      if token.isQuoted {
        self = .role(token.text)
      } else if token.text == "all" {
        self = .all
      } else {
        // A group or a file.
        self = token.text.hasPrefix("+") || token.text.hasPrefix("@") ? .other : .role(token.text)
      }
    }
  }

  /// What a line means; nil when PostgreSQL would read something else than one value a column.
  init?(line: String) {
    guard let tokens = AccessLine(line).single, tokens.count >= 4 else { return nil }
    let plain = tokens.enumerated().filter { $0.offset != 2 }.map { $0.element }
    guard plain.allSatisfy({ !$0.isQuoted && !$0.text.hasPrefix("@") }) else { return nil }
    kind = tokens[0].text
    database = tokens[1].text
    user = Name(tokens[2])
    let isLocal = kind == "local"
    address = isLocal ? nil : tokens[3].text
    method = tokens.dropFirst(isLocal ? 3 : 4).map { $0.text }
  }

  /// What was meant.
  init?(_ rule: HBARule) {
    switch rule {
    case .local(let database, let user, let method):
      self.init("local", database, user, nil, [method.rawValue])
    case .host(let database, let user, let address, let method):
      self.init("host", database, user, address, [method.rawValue])
    case .hostssl(let database, let user, let address, let method):
      let words: [String] =
        switch method {
        case .cert(nil): ["cert"]
        case .cert(.some(let map)): ["cert", "map=" + map]
        case .password(let method, nil): [method.rawValue]
        case .password(let method, .some(let option)):
          [method.rawValue, "clientcert=" + option.rawValue]
        }
      self.init("hostssl", database, user, address, words)
    }
  }

  private init(
    _ kind: String,
    _ database: HBARule.Database,
    _ user: HBARule.User,
    _ address: HBAAddress?,
    _ method: [String]
  ) {
    self.kind = kind
    self.database = database == .all ? "all" : "replication"
    self.user =
      switch user {
      case .all: .all
      case .named(let role): .role(role.name)
      }
    self.address = address.map {
      switch $0 {
      case .all: "all"
      case .network(let network): "\(network.base)/\(network.prefixLength)"
      case .hostName(let name), .suffix(let name): name
      }
    }
    self.method = method
  }
}
