import Foundation
import TestSupport

/// A certificate authority that signs what the tests need.
final class CertificateAuthority {
  private let directory: String
  private var count = 0

  /// The authority's certificate.
  var certificate: String { directory + "/ca.crt" }

  /// Makes an authority whose files are in `directory`.
  init(_ name: String, in directory: String) throws {
    self.directory = directory
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    chmod(directory, 0o700)
    try write("index.txt", "")
    try write("serial", "1000\n")
    try write("crlnumber", "01\n")
    try write("ca.cnf", Self.configuration(directory))
    try openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      "ca.key",
      "-out",
      "ca.crt",
      "-days",
      "30",
      "-subj",
      "/CN=\(name)",
      "-config",
      "ca.cnf",
      "-extensions",
      "authority"
    )
  }

  /// Signs a certificate for both ends of a connection.
  ///
  /// - Parameters:
  ///   - cn: the subject's common name.
  ///   - names: subject alternative names, such as `DNS:localhost`.
  ///   - days: when its validity begins and ends, counted from now.
  func issue(
    cn: String,
    names: [String] = ["DNS:localhost", "IP:127.0.0.1", "IP:::1"],
    days: (from: Int, to: Int) = (-1, 20)
  ) throws -> CertificateFiles {
    count += 1
    let name = "leaf\(count)"
    try openssl(
      "req",
      "-new",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      "\(name).key",
      "-out",
      "\(name).csr",
      "-subj",
      "/CN=\(cn)",
      "-config",
      "ca.cnf"
    )
    try write(
      "\(name).ext",
      """
      basicConstraints = CA:FALSE
      keyUsage = critical, digitalSignature
      extendedKeyUsage = serverAuth, clientAuth
      subjectAltName = \(names.joined(separator: ", "))

      """
    )
    try openssl(
      "ca",
      "-batch",
      "-notext",
      "-config",
      "ca.cnf",
      "-in",
      "\(name).csr",
      "-out",
      "\(name).crt",
      "-extfile",
      "\(name).ext",
      "-startdate",
      date(days.from),
      "-enddate",
      date(days.to)
    )
    return CertificateFiles(
      authority: certificate,
      certificate: "\(directory)/\(name).crt",
      key: "\(directory)/\(name).key"
    )
  }

  /// Takes a certificate back, and returns the list that says so.
  func revoke(_ files: CertificateFiles) throws -> String {
    try openssl("ca", "-batch", "-config", "ca.cnf", "-revoke", files.certificate)
    return try revocationList()
  }

  /// The current list of certificates that were taken back.
  func revocationList() throws -> String {
    try openssl("ca", "-config", "ca.cnf", "-gencrl", "-crldays", "10", "-out", "ca.crl")
    return directory + "/ca.crl"
  }

  private func openssl(_ words: String...) throws {
    try Command.output(["openssl"] + words, directory: directory)
  }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: directory + "/" + name, atomically: false, encoding: .utf8)
  }

  private func date(_ days: Int) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "UTC")
    format.dateFormat = "yyyyMMddHHmmss'Z'"
    return format.string(from: Date(timeIntervalSinceNow: Double(days) * 86_400))
  }

  private static func configuration(_ directory: String) -> String {
    """
    [ca]
    default_ca = here
    [here]
    dir = \(directory)
    database = $dir/index.txt
    new_certs_dir = $dir
    serial = $dir/serial
    crlnumber = $dir/crlnumber
    certificate = $dir/ca.crt
    private_key = $dir/ca.key
    default_md = sha256
    policy = anything
    unique_subject = no
    [anything]
    commonName = supplied
    [req]
    distinguished_name = none
    [none]
    [authority]
    basicConstraints = critical, CA:TRUE
    keyUsage = critical, keyCertSign, cRLSign

    """
  }
}
