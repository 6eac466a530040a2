import Foundation

/// Runs inputs one after the other.
///
/// The one that stops the process is still in a file then.
struct Replay {
  /// How many inputs there were.
  private(set) var count = 0
  /// Which they were, and in which order.
  private(set) var digest = Digest.start
  private let kept: Int32

  /// Far more than the slowest input takes on the busiest machine.
  private static let patience: UInt32 = 120  // seconds

  /// - Parameter file: where the input that runs is kept.
  init(keptIn file: String) {
    kept = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    require(kept >= 0, "\(file) cannot be written")
  }

  /// Runs one input.
  mutating func run(_ input: [UInt8]) {
    require(ftruncate(kept, 0) == 0, "the input cannot be kept")
    require(pwrite(kept, input, input.count, 0) == input.count, "the input cannot be kept")
    alarm(Self.patience)
    testOneInput(input)
    alarm(0)
    count += 1
    Digest.add(input, to: &digest)
  }
}

/// FNV-1a with 64 bits, <http://www.isthe.com/chongo/tech/comp/fnv/>.
enum Digest {
  static let start: UInt64 = 0xcbf2_9ce4_8422_2325

  static func add(_ bytes: [UInt8], to digest: inout UInt64) {
    for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // Where one input ends and the next one begins counts, too.
    digest = (digest ^ UInt64(bytes.count)) &* 0x100_0000_01b3
  }
}
