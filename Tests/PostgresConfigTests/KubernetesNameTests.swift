import Foundation
import PostgresConfig
import Testing

/// The API's own regular expressions are the judge, as its source and its messages have them:
/// <https://github.com/kubernetes/apimachinery/blob/master/pkg/util/validation/validation.go>.
@Suite struct KubernetesNameTests {
  private static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
  private static let qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

  private static let words: [String] = {
    let parts = ["a", "1", "A", "-", "_", ".", "/", "=", " ", "ä", "\n", "z9"]
    let short = parts.flatMap { one in parts.flatMap { two in parts.map { one + two + $0 } } }
    let lengths = [62, 63, 64, 252, 253, 254].map { String(repeating: "a", count: $0) }
    return [""] + parts + short + lengths + lengths.map { "b/" + $0 } + lengths.map { $0 + "/b" }
  }()

  private static func matches(_ word: String, _ pattern: String, _ longest: Int) -> Bool {
    word.utf8.count <= longest
      && word.range(of: "\\A(\(pattern))\\z", options: .regularExpression) != nil
  }

  @Test func namesAreTheOnesThatTheAPITakes() {
    for word in Self.words {
      let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let hasPrefix = parts.count == 2
      let subdomain = Self.label + "(\\.\(Self.label))*"
      #expect(KubernetesName.isLabel(word) == Self.matches(word, Self.label, 63), "\(word)")
      #expect(KubernetesName.isObjectName(word) == Self.matches(word, subdomain, 253), "\(word)")
      #expect(
        KubernetesName.isServiceName(word) == Self.matches(word, "[a-z]([-a-z0-9]*[a-z0-9])?", 63),
        "\(word)"
      )
      #expect(
        KubernetesName.isLabelValue(word) == Self.matches(word, "(\(Self.qualified))?", 63),
        "\(word)"
      )
      #expect(
        KubernetesName.isLabelName(word)
          == (Self.matches(String(parts[hasPrefix ? 1 : 0]), Self.qualified, 63)
            && (!hasPrefix || Self.matches(String(parts[0]), subdomain, 253))),
        "\(word)"
      )
    }
  }
}
