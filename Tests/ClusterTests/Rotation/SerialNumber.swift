import Foundation
import TestSupport

/// Serial numbers of certificates, in OpenSSL's hexadecimal.
enum SerialNumber {
  /// The one of a certificate in a file.
  static func of(certificate path: String) throws -> String {
    try value(Command.output(["openssl", "x509", "-in", path, "-noout", "-serial"]))
  }

  /// The same in decimal, as pg_stat_ssl shows it.
  static func decimal(_ serial: String) -> String {
    var digits = [0]
    for character in serial {
      var carry = character.hexDigitValue ?? 0
      for index in digits.indices.reversed() {
        carry += digits[index] * 16
        digits[index] = carry % 10
        carry /= 10
      }
      while carry > 0 {
        digits.insert(carry % 10, at: 0)
        carry /= 10
      }
    }
    return digits.map { String($0) }.joined()
  }

  fileprivate static func value(_ text: String) throws -> String {
    guard let match = text.firstMatch(of: #/serial=([0-9A-F]+)/#) else {
      throw Failure("no serial number: \(text)")
    }
    return String(match.1)
  }
}

extension Member {
  /// What speaks TLS in a pod.
  enum Interface: String, CaseIterable {
    case server, restAPI

    fileprivate var port: Int { self == .server ? 5432 : 8008 }
    fileprivate var options: [String] { self == .server ? ["-starttls", "postgres"] : [] }
  }

  /// The serial number of the certificate that `client`'s host is shown.
  func shownSerial(by interface: Interface, to client: Client) throws -> String {
    let handshake = try Command.run(
      client.host.words(
        ["openssl", "s_client", "-connect", "\(urlHost(host.address)):\(interface.port)"]
          + interface.options
      )
    )
    return try SerialNumber.value(
      Command.output(["openssl", "x509", "-noout", "-serial"], input: handshake.output)
    )
  }
}

extension Member {
  /// The serial number, in decimal, of the certificate that `other` is shown when this node logs in
  /// as superuser, as Citus does.
  func shownSerial(to other: Member) throws -> String {
    let settings =
      "host=\(other.host.names[0]) user=postgres dbname=postgres sslmode=verify-full "
      + stagedFiles.connectionSettings
    let result = try run([
      "psql", "-XAtq", "-d", settings, "-c",
      "SELECT client_serial FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    ])
    guard result.exitCode == 0 else { throw Failure(result) }
    return result.output.trimmingCharacters(in: .newlines)
  }

  /// The copies of the certificates that are in use.
  var stagedFiles: CertificateFiles {
    let staged = directory + "/home/.postgresql-tls/current"
    return CertificateFiles(
      authority: staged + "/ca.crt",
      certificate: staged + "/server.crt",
      key: staged + "/server.key"
    )
  }
}
