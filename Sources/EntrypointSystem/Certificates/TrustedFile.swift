import CCrypto
import EntrypointCore

/// A file that OpenSSL's certificate store loads: it takes certificates and lists alike from any.
///
/// See X509_load_cert_crl_file(3), which PostgreSQL and libpq use for `ssl_ca_file`, `ssl_crl_file`
/// and their twins.
struct TrustedFile {
  private(set) var certificates: [OpaquePointer] = []
  private(set) var revocationLists: [OpaquePointer] = []
  private var blocks: OpaquePointer?

  /// Loads `file`, and notes in `facts` what is wrong with it.
  init(
    _ file: CertificateReader.LoadedFile,
    _ facts: inout FileFacts,
    expecting content: PEMContent
  ) {
    guard facts.requireContent(content, in: file.bytes) else { return }
    blocks = withBIO(file.bytes) { PEM_X509_INFO_read_bio($0, nil, refusePassphrase, nil) }
    guard let blocks else {
      facts.noteUndecodable(Self.firstUndecodable(in: file.bytes))
      return
    }
    ERR_clear_error()
    for index in 0..<ccrypto_sk_x509_info_num(blocks) {
      guard let block = ccrypto_sk_x509_info_value(blocks, index)?.pointee else { continue }
      if let certificate = block.x509 { certificates.append(certificate) }
      if let list = block.crl { revocationLists.append(list) }
    }
    // A line can look like the beginning of a block, and be none for OpenSSL.
    if content == .authorities ? certificates.isEmpty : revocationLists.isEmpty {
      facts.reading = .lacking(labels: [], format: ForeignFormat(file.bytes))
    }
  }

  func free() {
    ccrypto_sk_x509_info_pop_free(blocks)
  }

  /// Counts the certificates before the one that cannot be read.
  private static func firstUndecodable(in bytes: [UInt8]) -> Int {
    var number = 1
    withBIO(bytes) { bio in
      while let certificate = PEM_read_bio_X509_AUX(bio, nil, refusePassphrase, nil) {
        X509_free(certificate)
        number += 1
      }
    }
    return number
  }
}
