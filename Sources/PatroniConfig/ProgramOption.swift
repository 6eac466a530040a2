/// An option of a program that Patroni runs, `initdb` or `pg_basebackup`; without its hyphens.
public enum ProgramOption: Equatable, Sendable {
  /// Such as `data-checksums`.
  case flag(String)
  /// Such as `encoding` and `UTF8`.
  case value(String, String)

  /// The option as an item of a list.
  public var node: YAMLNode {
    switch self {
    case .flag(let name):
      return .string(name)
    case .value(let name, let value):
      var option = YAMLMapping()
      option.append(name, value)
      return .mapping(option)
    }
  }
}
