/// Passwords in the middle of other text.
public enum EmbeddedPassword {
  /// Whether there is one in `text`: in an address such as `https://user:password@host`, in a connection
  /// string, or in a line of HTTP's that authorises.
  public static func isHeld(by text: String) -> Bool {
    let bytes = text.utf8.map { (0x41...0x5a).contains($0) ? $0 + 32 : $0 }
    return bytes.indices.contains { index in
      let rest = bytes[index...]
      return holdsPassword(rest) || holdsUser(rest) || rest.starts(with: authorization)
    }
  }

  private static let password = Array("password".utf8)
  private static let authorization = Array("authorization:".utf8)
  private static let scheme = Array("://".utf8)

  /// `password`, and an equals sign.
  private static func holdsPassword(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.starts(with: password) else { return false }
    return text.dropFirst(password.count).first { $0 != 0x20 } == UInt8(ascii: "=")
  }

  /// `://`, and a colon in front of an at sign.
  ///
  /// See RFC 3986, section 3.2.1.
  private static func holdsUser(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.starts(with: scheme) else { return false }
    let authority = text.dropFirst(scheme.count).prefix {
      !($0 <= 0x20 || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#"))
    }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return false }
    return authority[..<at].contains(UInt8(ascii: ":"))
  }
}
