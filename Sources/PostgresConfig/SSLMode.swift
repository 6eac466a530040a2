/// How libpq protects a connection, and how far it trusts the server at the other end.
///
/// See <https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION>.
public enum SSLMode: String, CaseIterable, Sendable {
  /// Never TLS.
  case disable
  /// TLS only when the server insists.
  case allow
  /// TLS when the server has it, plain text otherwise.
  case prefer
  /// TLS always; nobody checks who the server is.
  case require
  /// TLS, and the server's certificate is signed by our certificate authority.
  case verifyCA = "verify-ca"
  /// As `verifyCA`, and the certificate carries the name that was connected to.
  case verifyFull = "verify-full"

  /// Whether the server's certificate is checked, so that certificate files are required.
  public var verifiesServer: Bool { self == .verifyCA || self == .verifyFull }

  /// Whether a connection is never made in plain text.
  public var alwaysEncrypts: Bool { self == .require || verifiesServer }
}
