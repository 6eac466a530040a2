/// One setting of `postgresql.conf`, as Patroni writes it there.
///
/// See <https://www.postgresql.org/docs/current/runtime-config.html>.
public struct ServerParameter: Equatable, Sendable {
  /// The parameter's name, such as `ssl_cert_file`.
  public let name: String
  /// Its value, not yet quoted.
  public let value: String

  /// A name and its value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
