import PatroniConfig

/// Reads anything; what could be read can be written, and reads as the same again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let input = Array(UnsafeBufferPointer(start: data, count: size))
  let outcome = YAMLParser.parse(input, document: "input")
  guard outcome.faults.isEmpty, let root = outcome.root else { return 0 }
  guard let text = try? YAMLEmitter.text(of: root, secrets: .revealed) else {
    fatalError("could not be written")
  }
  let second = YAMLParser.parse(text, document: "output")
  guard second.faults.isEmpty, let copy = second.root,
    let again = try? YAMLEmitter.text(of: copy, secrets: .revealed), again == text
  else { fatalError("reads as something else: \(String(decoding: text, as: UTF8.self))") }
  return 0
}
