/// The quoting that `pg_hba.conf` and `pg_ident.conf` share.
///
/// Within double quotes a name is only a name: keywords, commas, `#` and `+` lose their meaning,
/// and a double quote is written twice.
/// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
enum AuthenticationToken {
  private static let keywords = ["all", "samegroup", "samerole", "sameuser", "replication"]

  static func quoted(_ name: String) -> String {
    var token = "\""
    for character in name.unicodeScalars {
      if character == "\"" { token += "\"" }
      token.unicodeScalars.append(character)
    }
    return token + "\""
  }

  static func bareOrQuoted(_ name: String) -> String {
    let isBare = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
      default: false
      }
    }
    return isBare && !keywords.contains(name) ? name : quoted(name)
  }

  /// The longest token that PostgreSQL before version 16 reads, in bytes; it gives up the whole file
  /// because of a longer one.
  static let longest = 10_239

  /// Whether a line-based file can hold the name.
  ///
  /// It cannot hold control characters, whatever the quoting.
  static func isWritable(_ name: String) -> Bool {
    name.utf8.count <= longest && !name.utf8.contains { $0 < 0x20 || $0 == 0x7f }
  }
}
