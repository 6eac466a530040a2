import PostgresConfig

/// Tells from a variable's name, or from the form of its value, that it holds a secret of the cluster's.
///
/// Every process of the server, extensions and untrusted procedural languages included, can read the
/// environment. What backup tools log in with (`AWS_SECRET_ACCESS_KEY`, `PGBACKREST_…`) is theirs: the server
/// runs them, and they find it nowhere else.
enum SecretName {
  /// The first words of variables that are about the database, in this image or in others'.
  private static let families = Words(
    """
    PATRONI POSTGRES POSTGRESQL PG PGPASSWORD PGPOOL REPMGR SPILO CITUS SUPERUSER REPLICATION REPLICATOR \
    STANDBY REPLICA REPL REWIND RESTAPI ADMIN DB DATABASE CLUSTER
    """
  )

  /// The words that mean the database wherever they stand.
  private static let database = Words("PATRONI POSTGRES POSTGRESQL PG DB DATABASE")

  private static let secretWords = Words(
    "PASSWORD PASSWORDS PASSWD PASS PWD PW SECRET TOKEN PASSPHRASE CREDENTIALS PGPASSWORD SSLPASSWORD"
  )

  /// Whether what `name` stands for is a secret; the name of a file that holds one is not.
  static func isSecret(_ name: String) -> Bool {
    guard hasSign(name) else { return false }
    if name.ends(with: "_FILE") || name.ends(with: "_DIR") { return false }
    var name = name.uppercased()
    return name.withUTF8 { bytes in
      let words = bytes.split(separator: UInt8(ascii: "_"))
      guard let first = words.first else { return false }
      let isOfDatabase =
        families.contains(UnsafeBufferPointer(rebasing: first))
        || words.contains { database.contains(UnsafeBufferPointer(rebasing: $0)) }
      return isOfDatabase
        && words.contains { word in
          let end = word.lastIndex { $0 < 0x30 || $0 > 0x39 } ?? word.startIndex
          return secretWords.contains(UnsafeBufferPointer(rebasing: word[...end]))
        }
    } || name.ends(with: "_AUTH_DATA")
  }

  /// Whether three letters are there that every secret word begins with, or is; most names end here.
  static func hasSign(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { bytes in
      var letters: UInt32 = 0
      for byte in bytes {
        letters = (letters << 8 | UInt32(byte & 0xdf)) & 0xff_ffff
        switch letters {
        // PAS, PWD, SEC, TOK, AUT, CRE, _PW.
        case 0x50_4153, 0x50_5744, 0x53_4543, 0x54_4f4b, 0x41_5554, 0x43_5245, 0x5f_5057:
          return true
        default: break
        }
      }
      return false
    }
  }

  /// Whether `value` says how to connect to a database, and has a password in it: a URL, or libpq's keywords.
  static func isConnectionWithPassword(_ value: [UInt8]) -> Bool {
    // Most values end here.
    guard value.count > shortest,
      value.contains(UInt8(ascii: "=")) || value.contains(UInt8(ascii: "@"))
    else { return false }
    let text = String(decoding: value, as: UTF8.self)
    let url = text.begins(with: "jdbc:") ? String(text.utf8.dropFirst(5)) ?? "" : text
    let isURL = url.begins(with: "postgres://") || url.begins(with: "postgresql://")
    if isURL, hasUserWithPassword(url) { return true }
    guard holds(text, "password") else { return false }
    return isURL || ["host", "user", "dbname", "port"].contains { holds(text, $0) }
  }

  private static let shortest = "password=".utf8.count

  private static func hasUserWithPassword(_ url: String) -> Bool {
    guard let start = url.utf8.firstIndex(of: UInt8(ascii: "/")) else { return false }
    let authority = url.utf8[start...].drop { $0 == UInt8(ascii: "/") }.prefix {
      $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
    }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return false }
    return authority[..<at].contains(UInt8(ascii: ":"))
  }

  /// Whether a keyword, or a parameter of a URL, has a value.
  private static func holds(_ text: String, _ keyword: String) -> Bool {
    let ends: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x3f || $0 == 0x26 || $0 == 0x3b }
    return text.utf8.split(whereSeparator: ends).contains { part in
      part.starts(with: keyword.utf8) && part.dropFirst(keyword.utf8.count).first == 0x3d
        && part.count > keyword.utf8.count + 1
    }
  }
}
