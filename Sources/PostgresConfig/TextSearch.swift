extension String {
  /// Whether `word` stands anywhere in the text, byte for byte.
  ///
  /// Embedded Swift has no `contains` for texts.
  public func holds(_ word: String) -> Bool {
    let (bytes, word) = (Array(utf8), Array(word.utf8))
    return bytes.indices.contains { bytes[$0...].starts(with: word) }
  }
}
