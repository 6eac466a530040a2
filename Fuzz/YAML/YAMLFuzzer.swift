import PatroniConfig

/// Reads anything; what could be read can be written, and reads as the same again.
func testOneInput(_ input: [UInt8]) {
  let reading = YAMLParser.parse(input, document: "input")
  guard reading.faults.isEmpty, let root = reading.root else { return }
  guard let text = try? YAMLEmitter.text(of: root, secrets: .revealed) else {
    fatalError("could not be written")
  }
  let second = YAMLParser.parse(text, document: "output")
  guard second.faults.isEmpty, let copy = second.root,
    let again = try? YAMLEmitter.text(of: copy, secrets: .revealed), again == text
  else { fatalError("reads as something else: \(String(decoding: text, as: UTF8.self))") }
}
