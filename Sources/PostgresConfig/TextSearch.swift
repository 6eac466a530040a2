extension String {
  /// Whether `word` stands anywhere in the text, byte for byte.
  ///
  /// Embedded Swift has no `contains` for texts.
  public func holds(_ word: String) -> Bool {
    let (bytes, word) = (Array(utf8), Array(word.utf8))
    return bytes.indices.contains { bytes[$0...].starts(with: word) }
  }

  /// Whether `word` stands at the beginning of the text, byte for byte.
  public func begins(with word: String) -> Bool {
    guard utf8.count >= word.utf8.count else { return false }
    var (text, word) = (self, word)
    // Over memory: a view of UTF-8 takes many instructions to find its next byte.
    return text.withUTF8 { bytes in word.withUTF8 { bytes.starts(with: $0) } }
  }

  /// Whether `word` stands at the end of the text, byte for byte.
  public func ends(with word: String) -> Bool {
    let count = word.utf8.count
    guard utf8.count >= count else { return false }
    var (text, word) = (self, word)
    return text.withUTF8 { bytes in word.withUTF8 { bytes.suffix(count).elementsEqual($0) } }
  }
}
