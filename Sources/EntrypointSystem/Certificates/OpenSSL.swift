import CCrypto
import EntrypointCore

/// OpenSSL's queue of errors, which belongs to the thread.
enum OpenSSLError {
  /// Whether the last call failed only because there was no further PEM block; empties the queue.
  static func wasEndOfFile() -> Bool {
    let code = ERR_peek_last_error()
    return ccrypto_err_lib(code) == ERR_LIB_PEM && ccrypto_err_reason(code) == PEM_R_NO_START_LINE
  }

  /// OpenSSL's words for the first error in the queue, which is the cause; empties the queue.
  static func takeReason() -> String {
    let code = ERR_peek_error()
    ERR_clear_error()
    return ccrypto_err_reason_string(code).map { String(cString: $0) } ?? "no reason given"
  }
}

/// Reads `bytes` through a BIO; the bytes are not copied, and the BIO is gone afterwards.
func withBIO<Result>(_ bytes: [UInt8], _ body: (OpaquePointer?) -> Result) -> Result {
  bytes.withUnsafeBytes { buffer in
    let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count))
    defer { BIO_free(bio) }
    return body(bio)
  }
}

/// What is printed into a BIO.
func printed(_ print: (OpaquePointer?) -> Void) -> String {
  let bio = BIO_new(BIO_s_mem())
  defer { BIO_free(bio) }
  print(bio)
  var data: UnsafeMutablePointer<CChar>?
  let count = ccrypto_bio_get_mem_data(bio, &data)
  let bytes = UnsafeRawBufferPointer(start: data, count: max(0, count))
  return String(decoding: bytes, as: UTF8.self)
}

/// Answers OpenSSL's question for a passphrase: there is nobody to ask.
func refusePassphrase(
  _ buffer: UnsafeMutablePointer<CChar>?,
  _ size: Int32,
  _ isForWriting: Int32,
  _ context: UnsafeMutableRawPointer?
) -> Int32 {
  -1
}

/// The bytes of an ASN.1 string.
func bytes(of string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
  guard let string, let data = ASN1_STRING_get0_data(string) else { return [] }
  return Array(UnsafeBufferPointer(start: data, count: Int(max(0, ASN1_STRING_length(string)))))
}
