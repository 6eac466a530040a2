import PostgresConfig

/// How one of the nodes' roles logs in to another node.
enum NodeMethod: Equatable {
  /// By the node's certificate, through the user map.
  case certificate
  /// By password, or without anything.
  case password(HBARule.PasswordMethod)
}

extension Settings {
  /// With NODE_AUTH=cert a role that was given a password all the same uses it, the way clients do.
  ///
  /// md5 stands in where clients have no password method, because it takes every stored password.
  func nodeMethod(for role: RoleSettings.Role) -> NodeMethod {
    switch nodes.auth.asked {
    case .cert where nodes.auth.alsoShown != nil: .certificate
    case .cert:
      role.password == nil ? .certificate : .password(clients.auth.passwordMethod ?? .md5)
    case .scramSHA256: .password(.scramSHA256)
    case .md5: .password(.md5)
    case .trust: .password(.trust)
    }
  }

  /// Whether somebody logs in by certificate, so that the server must know the authority.
  var takesClientCertificates: Bool {
    tls.mode.verifiesServer || nodes.auth.asked == .cert || clients.auth == .cert
      || clients.certificate != nil
  }
}
