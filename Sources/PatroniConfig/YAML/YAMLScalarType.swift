/// What a YAML 1.1 reader such as Patroni's takes a text without quotes for.
///
/// The rules are those of PyYAML's safe loader; they are not those of YAML 1.2.
/// See <https://yaml.org/type/> and <https://pyyaml.org/wiki/PyYAMLDocumentation>.
public enum YAMLScalarType: String, Sendable {
  /// A text.
  case string
  /// Nothing.
  case null
  /// A truth value.
  case boolean
  /// A whole number: decimal, octal, hexadecimal, binary, or of base 60.
  case integer
  /// A number with a fraction.
  case float
  /// A date, or a date and a time.
  case timestamp
  /// `<<`, which stands for the entries of another mapping; it means so as a key only.
  case merge
  /// Looks like a number or a date, and is none that the loader could build.
  case broken

  /// The type of `text`, written without quotes.
  public init(plain text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE",
      "on", "On", "ON", "off", "Off", "OFF":
      self = .boolean
    case "<<": self = .merge
    case "=": self = .broken
    default: self = Self.number(Array(text.utf8))
    }
  }

  private static func number(_ bytes: [UInt8]) -> YAMLScalarType {
    guard let first = bytes.first, first == dot || isSign(first) || isDigit(first) else {
      return .string
    }
    if isFloat(bytes) { return .float }
    if let isUsable = integer(bytes) { return isUsable ? .integer : .broken }
    if let isUsable = timestamp(bytes) { return isUsable ? .timestamp : .broken }
    return .string
  }

  /// Whether the loader can build the number; nil when it is none.
  ///
  /// Python refuses to convert a
  /// decimal number of more than 4300 digits.
  private static func integer(_ bytes: [UInt8]) -> Bool? {
    var scanner = Scanner(bytes)
    scanner.skip(isSign)
    let digits = scanner.rest
    guard let first = digits.first, isDigit(first) else { return nil }
    if first != UInt8(ascii: "0") {
      scanner.skipAll(isDigitOrGap)
      if scanner.isAtEnd { return digits.count <= 4300 }
      return scanner.skipSixties() && scanner.isAtEnd ? digits.count <= 4300 : nil
    }
    let body = digits.dropFirst(2)
    let hasDigit = body.contains { $0 != gap }
    if digits.count > 2 {
      switch digits[digits.startIndex + 1] {
      case UInt8(ascii: "b") where body.allSatisfy { isBinary($0) || $0 == gap }: return hasDigit
      case UInt8(ascii: "x") where body.allSatisfy { isHexadecimal($0) || $0 == gap }:
        return hasDigit
      default: break
      }
    }
    return digits.allSatisfy { isOctal($0) || $0 == gap } ? true : nil
  }

  private static func isFloat(_ bytes: [UInt8]) -> Bool {
    var scanner = Scanner(bytes)
    let isSigned = scanner.skip(isSign)
    let word = String(decoding: scanner.rest, as: UTF8.self)
    switch word {
    case ".inf", ".Inf", ".INF": return true
    case ".nan", ".NaN", ".NAN": return !isSigned
    default: break
    }
    if scanner.rest.first == dot {
      guard !isSigned else { return false }
      scanner.skip { $0 == dot }
      guard scanner.skip(isDigit) else { return false }
      scanner.skipAll(isDigitOrGap)
      return scanner.skipExponent() && scanner.isAtEnd
    }
    guard scanner.skip(isDigit) else { return false }
    scanner.skipAll(isDigitOrGap)
    let isOfBase60 = scanner.skipSixties()
    guard scanner.skip({ $0 == dot }) else { return false }
    scanner.skipAll(isDigitOrGap)
    return (isOfBase60 || scanner.skipExponent()) && scanner.isAtEnd
  }

  /// Whether the loader can build the date; nil when it is none.
  private static func timestamp(_ bytes: [UInt8]) -> Bool? {
    var scanner = Scanner(bytes)
    guard let year = scanner.number(4...4), scanner.skip({ $0 == minus }),
      let month = scanner.number(1...2), scanner.skip({ $0 == minus }),
      let day = scanner.number(1...2)
    else { return nil }
    let isDate = isDate(year: year, month: month, day: day)
    if scanner.isAtEnd { return bytes.count == 10 ? isDate : nil }
    guard
      scanner.skip({ $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: "t") })
        || scanner.skipAll(isBlank),
      let hour = scanner.number(1...2), scanner.skip({ $0 == colon }),
      let minute = scanner.number(2...2), scanner.skip({ $0 == colon }),
      let second = scanner.number(2...2)
    else { return nil }
    if scanner.skip({ $0 == dot }) { scanner.skipAll(isDigit) }
    let isTime = isDate && hour < 24 && minute < 60 && second < 60
    if scanner.isAtEnd { return isTime }
    scanner.skipAll(isBlank)
    if scanner.skip({ $0 == UInt8(ascii: "Z") }) { return scanner.isAtEnd ? isTime : nil }
    guard scanner.skip(isSign), let hours = scanner.number(1...2) else { return nil }
    var minutes = 0
    if scanner.skip({ $0 == colon }) {
      guard let number = scanner.number(2...2) else { return nil }
      minutes = number
    }
    return scanner.isAtEnd ? isTime && hours * 60 + minutes < 24 * 60 : nil
  }

  private static func isDate(year: Int, month: Int, day: Int) -> Bool {
    guard year > 0, (1...12).contains(month) else { return false }
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }

  /// Reads a text from left to right.
  private struct Scanner {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
      rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    @discardableResult
    mutating func skip(_ matches: (UInt8) -> Bool) -> Bool {
      guard let first = rest.first, matches(first) else { return false }
      rest = rest.dropFirst()
      return true
    }

    @discardableResult
    mutating func skipAll(_ matches: (UInt8) -> Bool) -> Bool {
      let length = rest.count
      while skip(matches) {}
      return rest.count < length
    }

    /// Whether a well-formed exponent was there, or none at all.
    mutating func skipExponent() -> Bool {
      guard skip({ $0 | 0x20 == UInt8(ascii: "e") }) else { return true }
      return skip(isSign) && skipAll(isDigit)
    }

    /// Skips `:M:S`; false when there is none, or more than digits of base 60 would be.
    mutating func skipSixties() -> Bool {
      var isFound = false
      while skip({ $0 == colon }) {
        guard let first = rest.first, isDigit(first) else { return false }
        skip(isDigit)
        if first < UInt8(ascii: "6") { skip(isDigit) }
        isFound = true
      }
      return isFound
    }

    /// A decimal number of so many digits.
    mutating func number(_ lengths: ClosedRange<Int>) -> Int? {
      var value = 0
      var length = 0
      while length < lengths.upperBound, let digit = rest.first, skip(isDigit) {
        value = value * 10 + Int(digit - UInt8(ascii: "0"))
        length += 1
      }
      return lengths.contains(length) ? value : nil
    }
  }
}

private let dot = UInt8(ascii: ".")
private let colon = UInt8(ascii: ":")
private let minus = UInt8(ascii: "-")
private let gap = UInt8(ascii: "_")

private func isSign(_ byte: UInt8) -> Bool { byte == minus || byte == UInt8(ascii: "+") }
private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
private func isBinary(_ byte: UInt8) -> Bool { byte == 0x30 || byte == 0x31 }
private func isOctal(_ byte: UInt8) -> Bool { byte >= 0x30 && byte < 0x38 }
private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
private func isDigitOrGap(_ byte: UInt8) -> Bool { isDigit(byte) || byte == gap }
private func isHexadecimal(_ byte: UInt8) -> Bool {
  isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
}
