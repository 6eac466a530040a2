import PostgresConfig

/// A reference such as `$(POD_IP)` that Kubernetes has left in a value.
///
/// It replaces names of variables that stand above in the pod's list, and leaves others as they are.
/// See <https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/>.
enum UnexpandedReference {
  /// The first one in `text`.
  static func first(in text: String) -> String? {
    var rest = text.utf8[...]
    while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
      rest = rest[dollar...]
      let name = rest.dropFirst(2).prefix {
        HostName.isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
      }
      let end = rest.dropFirst(2 + name.count).first
      if rest.dropFirst().first == UInt8(ascii: "("), !name.isEmpty, end == UInt8(ascii: ")") {
        return "$(\(String(Substring(name))))"
      }
      rest = rest.dropFirst()
    }
    return nil
  }

  /// What to do about it.
  static func hint(for reference: String) -> String {
    let name = String(reference.dropFirst(2).dropLast())
    return "Define \(name) above it in the pod: Kubernetes expands only variables that are "
      + "defined above."
  }

  /// Reports references in the variables that the program and Patroni read, but for `reported` ones.
  ///
  /// What is a secret, a regular expression, or a document with commands for a shell may hold such a text.
  static func problems(in environment: Environment, reported: [Problem]) -> [Problem] {
    let names = environment.names { name, value in
      value.contains(UInt8(ascii: "$")) && isRead(name)
        && !reported.contains { $0.severity == .error && $0.subject == name }
    }
    return names.compactMap { name in
      guard let text = environment.text(name), let reference = first(in: text),
        name != EnvironmentVariable.nodeCertNames.name || !text.begins(with: "/")
      else { return nil }
      return Problem(
        shown(key: name),
        "holds \(quoted(reference)), which Kubernetes has not expanded",
        hint: hint(for: reference)
      )
    }
  }

  private static func isRead(_ name: String) -> Bool {
    guard name != EnvironmentVariable.configuration.name, !SecretName.isSecret(name),
      !name.hasSuffix("_FORMAT"), name != "PATRONI_LOGFORMAT"
    else { return false }
    return PatroniVariable.treatment(of: name) != nil || LibpqVariable.followed.contains(name)
      || OwnNames.contains(name)
  }
}
