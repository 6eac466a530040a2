import Foundation

// A target defines `testOneInput`. libFuzzer calls it with what it invents, guided by coverage, which differs
// with compilers, libraries and luck; a replay calls it with the same inputs on every machine.

/// One run of the target.
///
/// Always 0, as libFuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
public func runTarget(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  testOneInput(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

/// Replays instead of fuzzing for `--replay VARIANTS DICTIONARY KEPT FILE...`.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeMutablePointer<CInt>, _: UnsafeMutableRawPointer) -> CInt {
  let words = Array(CommandLine.arguments.dropFirst())
  guard words.count > 4, words[0] == "--replay", let variants = Int(words[1]) else { return 0 }
  let mutations = Mutations(dictionary: words[2].isEmpty ? "" : text(of: words[2]))
  var replay = Replay(keptIn: words[3])
  for file in words[4...] {
    let input = bytes(of: file)
    replay.run(input)
    for number in 0..<variants { replay.run(mutations.variant(number, of: input)) }
  }
  print("\(replay.count) inputs, digest \(String(replay.digest, radix: 16))")
  exit(0)
}

private func bytes(of file: String) -> [UInt8] {
  guard let content = FileManager.default.contents(atPath: file) else { stop("no file \(file)") }
  return Array(content)
}

private func text(of file: String) -> String { String(decoding: bytes(of: file), as: UTF8.self) }
