import PostgresConfig

/// What becomes of a variable that Patroni reads by itself.
///
/// Patroni lets its variables win over its file, so each one that it knows is followed, refused or
/// passed on.
/// See <https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html>.
enum PatroniVariable: Equatable {
  /// The file says what the variable says.
  case followed
  /// It would replace what the program answers for; the hint says what to set instead.
  case refused(hint: String)
  /// It is about nothing that the program writes.
  case passedOn

  /// What Patroni's variables begin with.
  static let prefix = "PATRONI_"

  /// What becomes of `name`; nil when Patroni does not read it.
  static func treatment(of name: String) -> PatroniVariable? {
    guard let rest = name.rest(after: prefix) else { return nil }
    for section in sections {
      guard let word = rest.rest(after: section.prefix) else { continue }
      if Words(section.names).contains(word) { return section.treatment }
    }
    for role in roles {
      guard let word = rest.rest(after: role) else { continue }
      if let hint = connectionOfOneRole.first(where: { $0.suffix == word })?.hint {
        return .refused(hint: hint)
      }
    }
    guard let underscore = rest.utf8.firstIndex(of: UInt8(ascii: "_")),
      underscore != rest.utf8.startIndex
    else { return nil }
    let suffix = String(rest[rest.index(after: underscore)...])
    return Words(storeSuffixes).contains(suffix) ? .passedOn : nil
  }

  /// Every name, but for those of stores.
  static var names: [String] {
    sections.flatMap { section in
      Words(section.names).all.map { prefix + section.prefix + $0 }
    } + roles.flatMap { role in connectionOfOneRole.map { prefix + role + $0.suffix } }
  }

  /// What follows a section's name in the variables of the configuration stores.
  ///
  /// Patroni takes them for sections of any name; for the store that is in use they are followed.
  static let storeSuffixes = """
    HOST HOSTS PORT USE_PROXIES PROTOCOL SRV SRV_SUFFIX URL PROXY CACERT CERT KEY VERIFY TOKEN CHECKS DC \
    CONSISTENCY REGISTER_SERVICE SERVICE_CHECK_INTERVAL SERVICE_CHECK_TLS_SERVER_NAME SERVICE_TAGS \
    NAMESPACE CONTEXT USE_ENDPOINTS SCOPE_LABEL ROLE_LABEL POD_IP PORTS LABELS BYPASS_API_SERVICE \
    RETRIABLE_HTTP_CODES KEY_PASSWORD USE_SSL SET_ACLS GROUP DATABASE LEADER_LABEL_VALUE \
    FOLLOWER_LABEL_VALUE STANDBY_LEADER_LABEL_VALUE TMP_ROLE_LABEL AUTH_DATA BOOTSTRAP_LABELS
    """

  private static let ownCertificate = PatroniVariable.refused(
    hint: "Set RESTAPI_TLS=on, which uses the node's certificate."
  )

  private static let sections: [(prefix: String, treatment: PatroniVariable, names: String)] = [
    ("", .followed, "NAME SCOPE CITUS_GROUP CITUS_DATABASE"),
    ("", .passedOn, "NAMESPACE THREAD_POOL_SIZE THREAD_STACK_SIZE"),
    // The names of Patroni 1.
    ("", .passedOn, "LOGLEVEL LOGFORMAT LOG_DATEFMT"),
    (
      "LOG_", .passedOn,
      """
      TYPE LEVEL TRACEBACK_LEVEL FORMAT DATEFORMAT STATIC_FIELDS MAX_QUEUE_SIZE DIR MODE FILE_SIZE \
      FILE_NUM LOGGERS DEDUPLICATE_HEARTBEAT_LOGS
      """
    ),
    ("RESTAPI_", .followed, "LISTEN CONNECT_ADDRESS USERNAME PASSWORD"),
    ("RESTAPI_", ownCertificate, "CERTFILE KEYFILE KEYFILE_PASSWORD CAFILE VERIFY_CLIENT"),
    (
      "RESTAPI_", .passedOn,
      """
      CIPHERS HTTP_EXTRA_HEADERS HTTPS_EXTRA_HEADERS ALLOWLIST ALLOWLIST_INCLUDE_MEMBERS \
      REQUEST_QUEUE_SIZE SERVER_TOKENS
      """
    ),
    ("CTL_", .followed, "USERNAME PASSWORD"),
    ("CTL_", ownCertificate, "CACERT CERTFILE KEYFILE KEYFILE_PASSWORD"),
    ("CTL_", .passedOn, "INSECURE"),
    ("POSTGRESQL_", .followed, "LISTEN CONNECT_ADDRESS DATA_DIR"),
    ("POSTGRESQL_", .passedOn, "PROXY_ADDRESS CONFIG_DIR PGPASS BIN_DIR"),
    (
      "POSTGRESQL_BIN_", .passedOn,
      "PG_CTL INITDB PG_CONTROLDATA PG_BASEBACKUP POSTGRES PG_ISREADY PG_REWIND"
    ),
    ("RAFT_", .followed, "DATA_DIR SELF_ADDR PARTNER_ADDRS PASSWORD BIND_ADDR"),
    ("ETCD_", .followed, "USERNAME PASSWORD"), ("ETCD3_", .followed, "USERNAME PASSWORD"),
    ("SUPERUSER_", .followed, "USERNAME PASSWORD"),
    ("REPLICATION_", .followed, "USERNAME PASSWORD"),
    ("REWIND_", .followed, "USERNAME PASSWORD"),
    // `require` would fail over the socket, which has no encryption; Patroni then says so.
    ("SUPERUSER_", .passedOn, "GSSENCMODE SSLNEGOTIATION"),
    ("REPLICATION_", .passedOn, "GSSENCMODE SSLNEGOTIATION"),
    ("REWIND_", .passedOn, "GSSENCMODE SSLNEGOTIATION"),
  ]

  private static let roles = ["SUPERUSER_", "REPLICATION_", "REWIND_"]

  private static let connectionOfOneRole: [(suffix: String, hint: String)] = [
    ("SSLMODE", "Set PGSSLMODE, which applies to every connection."),
    ("SSLROOTCERT", "Set PGSSLROOTCERT, which applies to every connection."),
    ("SSLCERT", "Set PGSSLCERT, which applies to every connection."),
    ("SSLKEY", "Set PGSSLKEY, which applies to every connection."),
    ("SSLCRL", "Set PGSSLCRL, which applies to every connection."),
    ("SSLCRLDIR", "Set PGSSLCRL to one file, which applies to every connection."),
    ("CHANNEL_BINDING", "Set PGCHANNELBINDING, which applies to every connection."),
    (
      "SSLPASSWORD",
      "Mount a key that is not encrypted: PostgreSQL cannot ask for its passphrase."
    ),
  ]

  /// Reports those of `others`, which the program does not read, that would replace what it answers for.
  static func refusals(of others: [String], in environment: Environment) -> [Problem] {
    others.compactMap { name in
      guard name.begins(with: prefix) else { return nil }
      let isOfOneRole = roles.contains { name.hasPrefix(prefix + $0) }
      if isOfOneRole, name.hasSuffix("_GSSENCMODE"), environment.text(name) == "require" {
        return Problem(
          name,
          "cannot be require",
          detail: "Patroni logs in over the socket, which has no GSSAPI encryption.",
          hint: "Remove it."
        )
      }
      guard case .refused(let hint)? = treatment(of: name) else { return nil }
      return Problem(
        name,
        isOfOneRole ? "cannot be set for one role" : "cannot be set",
        detail: "It would override patroni.yml.",
        hint: hint
      )
    }
  }
}

/// Words with single blanks between them.
struct Words {
  private let text: String

  init(_ text: String) {
    self.text = text
  }

  var all: [String] { text.split(separator: " ").map { String($0) } }

  func contains(_ word: String) -> Bool {
    var word = word
    return word.withUTF8 { contains($0) }
  }

  func contains(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    var text = text
    return !word.isEmpty && text.withUTF8 { Self.contains(word, $0) }
  }

  private static func contains(
    _ word: UnsafeBufferPointer<UInt8>,
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: " ") { end += 1 }
      if end - start == word.count, bytes[start..<end].elementsEqual(word) { return true }
      start = end + 1
    }
    return false
  }
}

extension String {
  /// What follows `beginning`; nil when the text does not begin with it.
  fileprivate func rest(after beginning: String) -> String? {
    begins(with: beginning) ? String(utf8.dropFirst(beginning.utf8.count)) : nil
  }
}
