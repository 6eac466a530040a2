/// A regular expression as `pg_ident.conf` takes it after a slash: PostgreSQL's "advanced" kind,
/// of which the constructs that names need are understood here.
///
/// Not understood, and never guessed at: back references, look-around, word boundaries, embedded
/// options, directors (`***`), collating elements and character escapes by number. PostgreSQL
/// searches, so that an expression without `^` matches anywhere in the name.
/// See <https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS>.
public struct RegularExpression: Sendable {
  /// Why an expression cannot be used.
  public enum Fault: Error, Equatable, Sendable {
    /// PostgreSQL refuses it, for the reason that it gives, and every login with it.
    case invalid(String)
    /// PostgreSQL may well take it; it is not understood here.
    case notUnderstood(String)
  }

  indirect enum Node: Equatable, Sendable {
    case character(CharacterSet)
    case start
    case end
    case sequence([Node])
    case alternatives([Node])
    case repeated(Node, atLeast: Int, atMost: Int?)
  }

  private let root: Node

  /// Reads an expression, without the slash.
  public init(_ pattern: String) throws(Fault) {
    var parser = RegularExpressionParser(pattern)
    root = try parser.parse()
  }

  /// Why PostgreSQL would refuse `pattern`, or nil when it would not, as far as that is known.
  public static func invalidity(of pattern: String) -> String? {
    do throws(Fault) {
      _ = try RegularExpression(pattern)
      return nil
    } catch {
      guard case .invalid(let reason) = error else { return nil }
      return reason
    }
  }

  /// Whether the expression matches somewhere in `text`.
  public func matches(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    return !Self.ends(of: root, in: scalars, from: Set(0...scalars.count)).isEmpty
  }

  /// Where a match can end that begins at one of `starts`.
  ///
  /// Takes polynomial time, whatever the expression.
  private static func ends(
    of node: Node,
    in text: [Unicode.Scalar],
    from starts: Set<Int>
  ) -> Set<Int> {
    switch node {
    case .character(let set):
      return Set(starts.filter { $0 < text.count && set.contains(text[$0]) }.map { $0 + 1 })
    case .start: return starts.intersection([0])
    case .end: return starts.intersection([text.count])
    case .sequence(let nodes):
      return nodes.reduce(starts) { ends(of: $1, in: text, from: $0) }
    case .alternatives(let nodes):
      return nodes.reduce(Set<Int>()) { $0.union(ends(of: $1, in: text, from: starts)) }
    case .repeated(let node, let least, let most):
      var current = starts
      for _ in 0..<least {
        let next = ends(of: node, in: text, from: current)
        if next == current { break }
        current = next
      }
      var reached = current
      var round = least
      while !current.isEmpty, round < most ?? Int.max {
        current = ends(of: node, in: text, from: current).subtracting(reached)
        reached.formUnion(current)
        round += 1
      }
      return reached
    }
  }
}

extension RegularExpression {
  /// The characters that may stand in one place, in the C locale, in which PostgreSQL compares
  /// names.
  struct CharacterSet: Equatable, Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    static let any = CharacterSet(ranges: [0...0x10ffff])

    init(ranges: [ClosedRange<UInt32>], isNegated: Bool = false) {
      self.ranges = ranges
      self.isNegated = isNegated
    }

    init(_ scalar: Unicode.Scalar) {
      ranges = [scalar.value...scalar.value]
    }

    /// A class by its name, `alpha`; nil when there is none of that name.
    init?(named name: String) {
      switch name {
      case "digit": ranges = [0x30...0x39]
      case "upper": ranges = [0x41...0x5a]
      case "lower": ranges = [0x61...0x7a]
      case "alpha": ranges = [0x41...0x5a, 0x61...0x7a]
      case "alnum": ranges = [0x30...0x39, 0x41...0x5a, 0x61...0x7a]
      case "word": ranges = [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a]
      case "xdigit": ranges = [0x30...0x39, 0x41...0x46, 0x61...0x66]
      case "space": ranges = [0x09...0x0d, 0x20...0x20]
      case "blank": ranges = [0x09...0x09, 0x20...0x20]
      case "cntrl": ranges = [0...0x1f, 0x7f...0x7f]
      case "print": ranges = [0x20...0x7e]
      case "graph": ranges = [0x21...0x7e]
      case "punct": ranges = [0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e]
      default: return nil
      }
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      ranges.contains { $0.contains(scalar.value) } != isNegated
    }
  }
}
