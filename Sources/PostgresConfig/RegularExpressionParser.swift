/// Reads the text of a `RegularExpression`, with PostgreSQL's words for what is wrong.
///
/// See <https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS>.
struct RegularExpressionParser {
  private typealias Node = RegularExpression.Node
  private typealias CharacterSet = RegularExpression.CharacterSet

  /// The largest number between braces.
  private static let mostRepetitions = 255

  /// Deeper nesting is nobody's name, and would use up the stack.
  private static let deepestNesting = 50

  private var rest: ArraySlice<Unicode.Scalar>
  private var depth = 0

  init(_ pattern: String) {
    rest = Array(pattern.unicodeScalars)[...]
  }

  mutating func parse() throws(RegularExpression.Fault) -> RegularExpression.Node {
    if rest.starts(with: Array("***".unicodeScalars)) { throw .notUnderstood("a director") }
    if rest.starts(with: Array("(?".unicodeScalars)), let third = rest.dropFirst(2).first,
      ("a"..."z").contains(third)
    {
      throw .notUnderstood("embedded options")
    }
    let node = try alternatives()
    guard rest.isEmpty else { throw .invalid("parentheses () not balanced") }
    return node
  }

  private mutating func alternatives() throws(RegularExpression.Fault) -> RegularExpression.Node {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestNesting else { throw .notUnderstood("deep nesting") }
    var branches = [try branch()]
    while rest.first == "|" {
      rest.removeFirst()
      branches.append(try branch())
    }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func branch() throws(RegularExpression.Fault) -> RegularExpression.Node {
    var nodes: [RegularExpression.Node] = []
    while let next = rest.first, next != "|", next != ")" || depth == 1 {
      if next == ")" { throw .invalid("parentheses () not balanced") }
      nodes.append(try piece())
    }
    return .sequence(nodes)
  }

  /// An atom with its quantifier; a constraint takes none.
  private mutating func piece() throws(RegularExpression.Fault) -> RegularExpression.Node {
    let atom = try atom()
    var node = atom
    var isQuantified = false
    while let (least, most) = try quantifier() {
      guard !isQuantified, atom != .start, atom != .end else {
        throw .invalid("quantifier operand invalid")
      }
      isQuantified = true
      // Shortest match or longest: it is the same match for a yes or no.
      if rest.first == "?" { rest.removeFirst() }
      node = .repeated(atom, atLeast: least, atMost: most)
    }
    return node
  }

  private mutating func atom() throws(RegularExpression.Fault) -> RegularExpression.Node {
    let next = rest.removeFirst()
    switch next {
    case "^": return .start
    case "$": return .end
    case ".": return .character(.any)
    case "[": return .character(try bracket())
    case "(": return try group()
    case "\\": return try escape()
    case "*", "+", "?": throw .invalid("quantifier operand invalid")
    case "{" where rest.first.map { Self.isDigit($0) } == true:
      throw .invalid("quantifier operand invalid")
    default: return .character(CharacterSet(next))
    }
  }

  private mutating func group() throws(RegularExpression.Fault) -> RegularExpression.Node {
    if rest.first == "?" {
      guard rest.dropFirst().first == ":" else {
        throw .notUnderstood("a construct that begins with (?")
      }
      rest.removeFirst(2)
    }
    let node = try alternatives()
    guard rest.popFirst() == ")" else { throw .invalid("parentheses () not balanced") }
    return node
  }

  private mutating func quantifier() throws(RegularExpression.Fault) -> (Int, Int?)? {
    let range: (Int, Int?)
    switch rest.first {
    case "*": range = (0, nil)
    case "+": range = (1, nil)
    case "?": range = (0, 1)
    case "{" where rest.dropFirst().first.map { Self.isDigit($0) } == true: return try bounds()
    default: return nil
    }
    rest.removeFirst()
    return range
  }

  private mutating func bounds() throws(RegularExpression.Fault) -> (Int, Int?) {
    rest.removeFirst()
    let least = try number()
    var most: Int? = least
    if rest.first == "," {
      rest.removeFirst()
      most = rest.first == "}" ? nil : try number()
    }
    guard rest.popFirst() == "}" else { throw .invalid("braces {} not balanced") }
    if let most, most < least { throw .invalid("invalid repetition count(s)") }
    return (least, most)
  }

  private mutating func number() throws(RegularExpression.Fault) -> Int {
    var value = 0
    var hasDigit = false
    while let digit = rest.first, Self.isDigit(digit) {
      rest.removeFirst()
      hasDigit = true
      value = value * 10 + Int(digit.value - 0x30)
      guard value <= Self.mostRepetitions else { throw .invalid("invalid repetition count(s)") }
    }
    guard hasDigit else { throw .invalid("invalid repetition count(s)") }
    return value
  }

  private mutating func escape() throws(RegularExpression.Fault) -> RegularExpression.Node {
    guard let next = rest.popFirst() else { throw .invalid("invalid escape \\ sequence") }
    if let set = Self.shorthand(next) { return .character(set) }
    switch next {
    case "A": return .start
    case "Z": return .end
    case "a"..."z", "A"..."Z", "0"..."9": throw .notUnderstood("escape \\\(String(next))")
    default: return .character(CharacterSet(next))
    }
  }

  private static func shorthand(_ letter: Unicode.Scalar) -> RegularExpression.CharacterSet? {
    let names: [Unicode.Scalar: String] = ["d": "digit", "s": "space", "w": "word"]
    if let name = names[letter] { return CharacterSet(named: name) }
    let complements: [Unicode.Scalar: String] = ["D": "digit", "S": "space", "W": "word"]
    guard let name = complements[letter], var set = CharacterSet(named: name) else { return nil }
    set.isNegated = true
    return set
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// What stands between brackets, the closing one included.
  private mutating func bracket() throws(RegularExpression.Fault) -> RegularExpression.CharacterSet
  {
    var set = CharacterSet(ranges: [])
    if rest.first == "^" {
      rest.removeFirst()
      set.isNegated = true
    }
    var isFirst = true
    while let next = rest.popFirst() {
      if next == "]", !isFirst { return set }
      if next == "-", !isFirst, rest.first != "]" { throw .invalid("invalid character range") }
      isFirst = false
      if next == "[", let kind = rest.first, [":", ".", "="].contains(kind) {
        guard kind == ":" else { throw .notUnderstood("a collating element") }
        set.ranges += try namedClass().ranges
      } else if next == "\\" {
        guard let letter = rest.popFirst() else { break }
        if let shorthand = Self.shorthand(letter) {
          guard !shorthand.isNegated else { throw .notUnderstood("escape \\\(String(letter))") }
          set.ranges += shorthand.ranges
        } else {
          switch letter {
          case "a"..."z", "A"..."Z", "0"..."9":
            throw .notUnderstood("escape \\\(String(letter))")
          default: set.ranges.append(try range(from: letter))
          }
        }
      } else {
        set.ranges.append(try range(from: next))
      }
    }
    throw .invalid("brackets [] not balanced")
  }

  private mutating func range(
    from first: Unicode.Scalar
  ) throws(RegularExpression.Fault) -> ClosedRange<UInt32> {
    guard rest.first == "-", let last = rest.dropFirst().first, last != "]" else {
      return first.value...first.value
    }
    guard last != "\\", last != "[" else { throw .notUnderstood("this range in brackets") }
    rest.removeFirst(2)
    guard last.value >= first.value else { throw .invalid("invalid character range") }
    return first.value...last.value
  }

  private mutating func namedClass() throws(RegularExpression.Fault)
    -> RegularExpression.CharacterSet
  {
    rest.removeFirst()
    var name = ""
    while let next = rest.first, next != ":" {
      name.unicodeScalars.append(next)
      rest.removeFirst()
    }
    guard rest.popFirst() == ":", rest.popFirst() == "]" else {
      throw .invalid("brackets [] not balanced")
    }
    guard let set = CharacterSet(named: name) else { throw .invalid("invalid character class") }
    return set
  }
}
