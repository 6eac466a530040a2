import PostgresConfig

/// Checks anything as a line of either file, for every version; what is accepted is one line, as it
/// was given.
func testOneInput(_ input: [UInt8]) {
  guard let text = String(validating: input, as: UTF8.self) else { return }
  for major in PostgresVersion.supported {
    guard let version = PostgresVersion(major: major) else { continue }
    let record = try? HBALine(parsing: text, version: version)
    let mapping = try? IdentLine(parsing: text, version: version)
    guard record != nil || mapping != nil else { continue }
    precondition((record?.text ?? mapping?.text) == text)
    precondition(!text.utf8.contains { $0 == 0x0a || $0 == 0x0d || $0 == 0 })
    precondition(text.utf8.last != UInt8(ascii: "\\"))
  }
}
