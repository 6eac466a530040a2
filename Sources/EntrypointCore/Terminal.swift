/// The terminal that a report is printed on.
public struct Terminal: Equatable, Sendable {
  /// What text can look like, as a parameter of ECMA-48's SGR.
  enum Style: String {
    case bold = "1"
    case faint = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  /// A file or a pipe: no colour, and lines as long as they are.
  public static let absent = Terminal(columns: .max, hasColour: false)

  let columns: Int
  let hasColour: Bool

  /// A terminal of this size; one that does not know its size has 0 columns, and counts as one of 80.
  public init(columns: Int, hasColour: Bool) {
    self.columns = columns == 0 ? 80 : max(40, columns)
    self.hasColour = hasColour
  }

  func styled(_ text: String, _ style: Style) -> String {
    hasColour ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[m" : text
  }

  /// `words` with blanks between them from `column` on; the lines after the first one are indented.
  ///
  /// A word that is wider than the terminal is not cut.
  func filled(_ words: [String], from column: Int, indent: Int) -> String {
    var text = ""
    var column = column
    for (index, word) in words.enumerated() {
      let width = word.unicodeScalars.count
      if index > 0, column + 1 + width > columns {
        text += "\n" + String(repeating: " ", count: indent)
        column = indent
      } else if index > 0 {
        text += " "
        column += 1
      }
      text += word
      column += width
    }
    return text
  }
}

extension String {
  /// What is between its blanks.
  var words: [String] { split(separator: " ", omittingEmptySubsequences: false).map { String($0) } }

  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - unicodeScalars.count))
  }
}
