/// The regular expressions of PostgreSQL's access files, as far as they are certain to be valid.
///
/// PostgreSQL refuses a whole file for one bad expression. What cannot be judged without
/// PostgreSQL's own library (back references, embedded options, collating elements) is refused.
/// See <https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS>.
enum RegularExpressionSyntax {
  /// Throws when `pattern` might be invalid.
  static func check(_ pattern: some StringProtocol) throws(AccessFileFault) {
    var parser = Parser(pattern)
    if let reason = parser.fault() {
      throw AccessFileFault(
        "regular expression ",
        word: pattern,
        " is not accepted: \(reason)"
      )
    }
  }

  /// Whether a valid `pattern` has a group that can be referred to.
  static func captures(_ pattern: some StringProtocol) -> Bool {
    var parser = Parser(pattern)
    return parser.fault() == nil && parser.hasGroup
  }

  private struct Parser {
    private var rest: ArraySlice<Unicode.Scalar>
    private(set) var hasGroup = false
    private var weight = 0

    /// How many states an expression may come to, by a careful estimate.
    private static let greatestWeight = 2000
    private static let deepestNesting = 30
    private static let mostRepetitions = 255
    private static let classes = [
      "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
      "upper", "xdigit",
    ]

    init(_ pattern: some StringProtocol) {
      rest = Array(pattern.unicodeScalars)[...]
    }

    /// Why the expression is not accepted, or nil.
    mutating func fault() -> String? {
      if let fault = alternatives(depth: 0) { return fault }
      return rest.isEmpty ? nil : "a parenthesis is closed that was not opened"
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
      guard rest.first == scalar else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// Everything up to the end, or to a closing parenthesis.
    private mutating func alternatives(depth: Int) -> String? {
      guard depth <= Self.deepestNesting else { return "parentheses are nested too deeply" }
      while let next = rest.first, next != ")" {
        let before = weight
        var isRepeatable = true
        rest = rest.dropFirst()
        let fault: String? =
          switch next {
          case "(": group(depth: depth, &isRepeatable)
          case "[": bracket()
          case "\\": escape(&isRepeatable)
          case "*", "+", "?", "{": "a quantifier has nothing to repeat"
          default: nil
          }
        if ["^", "$", "|"].contains(next) { isRepeatable = false }
        if let fault { return fault }
        weight += 1
        if let fault = quantifier(isRepeatable, weightBefore: before) { return fault }
        if weight > Self.greatestWeight { return "it is too complex" }
      }
      return nil
    }

    private mutating func group(depth: Int, _ isRepeatable: inout Bool) -> String? {
      if skip("?") {
        if skip("<") {
          guard skip("=") || skip("!") else { return "(?< is not followed by = or !" }
          isRepeatable = false
        } else if skip("=") || skip("!") {
          isRepeatable = false
        } else if !skip(":") {
          return "embedded options are not accepted"
        }
      } else {
        hasGroup = true
      }
      if let fault = alternatives(depth: depth + 1) { return fault }
      return skip(")") ? nil : "a parenthesis is not closed"
    }

    private mutating func quantifier(_ isRepeatable: Bool, weightBefore: Int) -> String? {
      var isQuantified = skip("*") || skip("+") || skip("?")
      if !isQuantified, skip("{") {
        guard let low = number() else { return "{ is not followed by a number" }
        let high = skip(",") ? number() ?? low : low
        guard skip("}") else { return "a brace is not closed" }
        guard low <= high, high <= Self.mostRepetitions else {
          return "a number of repetitions is out of range"
        }
        weight = weightBefore + (weight - weightBefore) * (high + 1)
        isQuantified = true
      }
      guard isQuantified else { return nil }
      guard isRepeatable else { return "a quantifier has nothing to repeat" }
      _ = skip("?")
      return nil
    }

    private mutating func number() -> Int? {
      var value: Int?
      while let digit = Self.digit(rest.first), value ?? 0 < 1000 {
        value = (value ?? 0) * 10 + digit
        rest = rest.dropFirst()
      }
      return value
    }

    private static func digit(_ scalar: Unicode.Scalar?) -> Int? {
      guard let scalar, scalar >= "0", scalar <= "9" else { return nil }
      return Int(scalar.value - 0x30)
    }

    /// A character that means itself, or one of the classes; other letters mean much.
    private mutating func escape(_ isRepeatable: inout Bool) -> String? {
      guard let scalar = rest.popFirst() else { return "it ends with a backslash" }
      switch scalar {
      case "d", "s", "w", "D", "S", "W": return nil
      case "A", "m", "M", "y", "Y", "Z":
        isRepeatable = false
        return nil
      default:
        return Self.isPunctuation(scalar)
          ? nil : "escape \\\(String(Character(scalar))) is not accepted"
      }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
      default: false
      }
    }

    private mutating func bracket() -> String? {
      _ = skip("^")
      var isFirst = true
      while let scalar = rest.popFirst() {
        if scalar == "]", !isFirst { return nil }
        var low: Unicode.Scalar? = scalar
        if scalar == "[" {
          guard let fault = characterClass(&low) else { isFirst = false; continue }
          return fault
        } else if scalar == "\\" {
          guard let escaped = rest.popFirst() else { return "a bracket is not closed" }
          if ["d", "s", "w"].contains(escaped) {
            low = nil
          } else if Self.isPunctuation(escaped) {
            low = escaped
          } else {
            return "escape \\\(String(Character(escaped))) is not accepted in brackets"
          }
        } else if scalar == "-", !isFirst, rest.first != "]" {
          return "a hyphen in brackets is neither first nor last"
        }
        if !scalar.isASCII { return "brackets hold more than ASCII" }
        isFirst = false
        if let fault = range(from: low) { return fault }
      }
      return "a bracket is not closed"
    }

    /// Nil when a class such as `[:alpha:]` was read.
    private mutating func characterClass(_ low: inout Unicode.Scalar?) -> String? {
      guard skip(":") else { return "[ in brackets is not followed by a class" }
      var name = ""
      while let scalar = rest.first, scalar != ":", name.unicodeScalars.count < 8 {
        name.unicodeScalars.append(scalar)
        rest = rest.dropFirst()
      }
      guard Self.classes.contains(name), skip(":"), skip("]") else {
        return "a class in brackets is unknown"
      }
      return nil
    }

    /// Reads the rest of `low-high`, when there is a range.
    private mutating func range(from low: Unicode.Scalar?) -> String? {
      guard rest.first == "-", rest.dropFirst().first != "]" else { return nil }
      rest = rest.dropFirst()
      guard let low, let high = rest.popFirst(), high.isASCII, high != "[", high != "\\",
        low.value <= high.value
      else { return "a range in brackets is invalid" }
      return nil
    }
  }
}
