/// Changes inputs at random, in the same way on every machine and in every run.
///
/// A variant depends on its input and its number alone, so that a new input does not change what is tried
/// of the others.
struct Mutations {
  private let words: [[UInt8]]

  /// - Parameter text: a dictionary as libFuzzer reads it.
  init(dictionary text: String) {
    words = text.split(separator: "\n").filter { $0.first == "\"" }.map { Self.word($0.utf8) }
  }

  /// One to four changes.
  func variant(_ number: Int, of input: [UInt8]) -> [UInt8] {
    var seed = Digest.start
    Digest.add(input, to: &seed)
    var random = RandomNumbers(seed: seed &+ UInt64(number))
    var bytes = input
    for _ in 0...random.below(4) { change(&bytes, &random) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], _ random: inout RandomNumbers) {
    let place = random.below(bytes.count + 1)
    let rest = bytes.count - place
    // Short pieces mostly; now and then all that is left.
    let end = place + min(rest, random.below(random.below(8) == 0 ? rest + 1 : 9))
    switch random.below(words.isEmpty ? 5 : 8) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
    case 2: bytes.insert(UInt8(random.below(256)), at: place)
    case 3 where rest > 0: bytes[place] = UInt8(random.below(256))
    case 4 where rest > 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 3, 4: bytes.append(UInt8(random.below(256)))
    case 5: bytes.replaceSubrange(place..<end, with: words[random.below(words.count)])
    default: bytes.insert(contentsOf: words[random.below(words.count)], at: place)
    }
  }

  /// The bytes between the quotes of `"\x0a\"word\\"`.
  private static func word(_ line: Substring.UTF8View) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = line.dropFirst()
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      guard escaped == UInt8(ascii: "x") else {
        bytes.append(escaped)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard let value = UInt8(digits, radix: 16) else { stop("no byte in a dictionary: \(digits)") }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return bytes
  }
}

/// SplitMix64, <https://prng.di.unimi.it/splitmix64.c>.
struct RandomNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number from 0 to `limit` - 1.
  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var number = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    number = (number ^ (number >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((number ^ (number >> 31)) % UInt64(limit))
  }
}
