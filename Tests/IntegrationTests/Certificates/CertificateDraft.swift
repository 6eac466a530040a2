import Foundation
import TestSupport

/// The files of one node while a test is making them: first the certificates, then the texts.
struct CertificateDraft {
  /// What the node's certificate says.
  var leaf = CertificateRecipe().with {
    $0.names = "DNS:*.demo.default.svc.cluster.local,DNS:localhost"
  }
  var leafKey = KeyRing.leaf
  /// What the authority's says.
  var authority = CertificateRecipe.authority("authority")
  var authorityKey = KeyRing.authority
  /// What the one between them says, when there is one.
  var intermediate: CertificateRecipe?
  /// What is done with the files that came of it, in order.
  var edits: [(inout CertificateFolder, Made) throws -> Void] = []
  /// Variables of the pod besides the usual ones.
  var environment: [String: String] = [:]
  /// The lines of pg_ident.conf, where the program gives none.
  var ident: [String]?

  /// The certificates that were made.
  struct Made {
    let leaf: TestCertificate
    let authority: TestCertificate
    let intermediate: TestCertificate?

    /// Who signed the node's.
    var issuer: TestCertificate { intermediate ?? authority }
  }

  mutating func edit(_ change: @escaping (inout CertificateFolder, Made) throws -> Void) {
    edits.append(change)
  }

  /// The files.
  func folder() throws -> CertificateFolder {
    let authority = try TestCertificate(authority, key: authorityKey)
    let intermediate = try intermediate.map {
      try TestCertificate($0, key: KeyRing.intermediate, issuer: authority)
    }
    let leaf = try TestCertificate(leaf, key: leafKey, issuer: intermediate ?? authority)
    let made = Made(leaf: leaf, authority: authority, intermediate: intermediate)
    var folder = CertificateFolder(
      authority: .init(text: authority.pem),
      certificate: .init(text: leaf.pem + (intermediate?.pem ?? "")),
      key: .init(text: leafKey.pkcs8, mode: 0o600)
    )
    for edit in edits { try edit(&folder, made) }
    return folder
  }
}

/// The files of one node as they go to the disk.
struct CertificateFolder {
  struct File {
    var bytes: [UInt8]
    var mode = 0o644
    /// `postgres` unless given.
    var owner = "postgres:postgres"
    /// Whether there is a directory instead.
    var isDirectory = false

    init(text: String, mode: Int = 0o644) {
      bytes = Array(text.utf8)
      self.mode = mode
    }

    var text: String {
      get { String(decoding: bytes, as: UTF8.self) }
      set { bytes = Array(newValue.utf8) }
    }
  }

  var authority: File?
  var certificate: File?
  var key: File?
  var revocationList: File?
  /// Whether the files are links into a directory that a link names, as Kubernetes mounts them.
  var isMounted = false

  /// Writes the files into `directory`.
  func write(to directory: String) throws {
    let manager = FileManager.default
    let data = directory + (isMounted ? "/..2026_11_21" : "")
    try manager.createDirectory(atPath: data, withIntermediateDirectories: true)
    if isMounted {
      try manager.createSymbolicLink(
        atPath: directory + "/..data",
        withDestinationPath: "..2026_11_21"
      )
    }
    let files = [
      ("ca.crt", authority), ("tls.crt", certificate), ("tls.key", key), ("ca.crl", revocationList),
    ]
    for case (let name, let file?) in files {
      let path = data + "/" + name
      guard !file.isDirectory else {
        try manager.createDirectory(atPath: path, withIntermediateDirectories: false)
        continue
      }
      try Data(file.bytes).write(to: URL(fileURLWithPath: path))
      try manager.setAttributes([.posixPermissions: file.mode], ofItemAtPath: path)
      try Command.output(["chown", file.owner, path])
      if isMounted {
        try manager.createSymbolicLink(
          atPath: directory + "/" + name,
          withDestinationPath: "..data/" + name
        )
      }
    }
  }
}

/// Points in time that do not move.
enum Moment {
  static let in2020 = 1_577_836_800
  static let in2021 = 1_609_459_200
  static let in2098 = 4_039_372_800
  static let in2099 = 4_070_908_800
  static let soon = Int(Date().timeIntervalSince1970) + 10 * 86_400
}
