/// Names in Kubernetes' API, which refuses others for ever.
///
/// See <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/> and
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/>.
public enum KubernetesName {
  /// Whether `text` can be the name of an object: labels in lower case with dots between them.
  public static func isObjectName(_ text: some StringProtocol) -> Bool {
    isName(text.utf8, longest: 253, takesDots: true)
  }

  /// Whether `text` can be the name of a namespace or of a port: one label in lower case.
  public static func isLabel(_ text: some StringProtocol) -> Bool {
    isName(text.utf8, longest: 63, takesDots: false)
  }

  /// Whether `text` can be the name of a Service: a label that begins with a letter.
  public static func isServiceName(_ text: some StringProtocol) -> Bool {
    isLabel(text) && text.utf8.first.map { $0 >= UInt8(ascii: "a") } ?? false
  }

  /// Whether `text` can be the value of a label; it may be empty.
  public static func isLabelValue(_ text: some StringProtocol) -> Bool {
    text.isEmpty || isQualified(text.utf8)
  }

  /// Whether `text` can be the name of a label, optionally with a DNS name and a slash in front.
  public static func isLabelName(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last, parts.count <= 2, isQualified(name.utf8) else { return false }
    return parts.count == 1 || isObjectName(parts[0])
  }

  /// What a mapping of labels must be, in a sentence.
  public static let labelsExpectation =
    "It must be a mapping of labels and their values, as in application: patroni."
  /// What the name of a label must be, in a sentence.
  public static let labelNameExpectation =
    "The name of a label is at most 63 letters, digits, hyphens, dots and underscores between a "
    + "letter or digit at either end, optionally with a DNS name and a slash in front."
  /// What the value of a label must be, in a sentence.
  public static let labelValueExpectation =
    "The value of a label is at most 63 letters, digits, hyphens, dots and underscores between a "
    + "letter or digit at either end."

  private static func isQualified(_ text: some Collection<UInt8>) -> Bool {
    let bytes = Array(text)
    guard (1...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else {
      return false
    }
    return HostName.isLetterOrDigit(first) && HostName.isLetterOrDigit(last)
      && bytes.allSatisfy { HostName.isLetterOrDigit($0) || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f }
  }

  /// Lower-case letters, digits, hyphens and maybe dots; letters and digits at both ends and around dots.
  private static func isName(
    _ text: some Collection<UInt8>,
    longest: Int,
    takesDots: Bool
  ) -> Bool {
    let (dot, hyphen) = (UInt8(ascii: "."), UInt8(ascii: "-"))
    var (previous, count) = (dot, 0)
    for byte in text {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case hyphen where previous != dot: break
      case dot where takesDots && previous != dot && previous != hyphen: break
      default: return false
      }
      (previous, count) = (byte, count + 1)
    }
    return count <= longest && previous != dot && previous != hyphen
  }
}
