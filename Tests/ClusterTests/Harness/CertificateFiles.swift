import Foundation
import TestSupport

/// Where a certificate, its key and its authority are.
struct CertificateFiles {
  var authority: String
  var certificate: String
  var key: String
  var revocationList: String?

  /// Copies them to `directory` as a Secret volume with `fsGroup` shows them to a pod: owned by
  /// root, readable by the group.
  func mount(at directory: String, group: gid_t) throws -> CertificateFiles {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    func copy(_ file: String, _ name: String) throws -> String {
      let target = directory + "/" + name
      try Command.output(["install", "-m", "0640", "-o", "root", "-g", "\(group)", file, target])
      return target
    }
    return CertificateFiles(
      authority: try copy(authority, "ca.crt"),
      certificate: try copy(certificate, "server.crt"),
      key: try copy(key, "server.key"),
      revocationList: try revocationList.map { try copy($0, "ca.crl") }
    )
  }

  /// The variables of a pod that name them.
  var variables: [String: String] {
    var variables = ["PGSSLROOTCERT": authority, "PGSSLCERT": certificate, "PGSSLKEY": key]
    variables["PGSSLCRL"] = revocationList
    return variables
  }

  /// libpq's settings that name them.
  var connectionSettings: String {
    "sslrootcert=\(authority) sslcert=\(certificate) sslkey=\(key)"
      + (revocationList.map { " sslcrl=\($0)" } ?? "")
  }
}
