import CYAML

/// The library that reads and writes YAML.
public enum LibYAML {
  /// The version that it gives of itself.
  public static var version: String {
    yaml_get_version_string().map { String(cString: $0) } ?? "unknown"
  }
}
