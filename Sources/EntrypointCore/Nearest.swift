/// The word among `candidates` that somebody who wrote `word` most likely meant: the only one that
/// begins so, or the closest one; nil when none is close.
func nearest(to word: String, among candidates: [String]) -> String? {
  let written = normalized(word)
  let longer = candidates.filter { normalized($0).starts(with: written) }
  if written.count > 2, longer.count == 1 { return longer.first }
  var best: (word: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(written, normalized(candidate))
    if distance < best?.distance ?? Int.max { best = (candidate, distance) }
  }
  guard let best, best.distance <= max(1, written.count / 3) else { return nil }
  return best.word
}

/// Lower case, and one separator instead of three.
private func normalized(_ word: String) -> [UInt8] {
  word.lowercased().utf8.map {
    $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: " ") ? UInt8(ascii: "-") : $0
  }
}

/// The number of bytes to insert, drop or replace between two words (Levenshtein).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var previous = Array(0...right.count)
  for (row, leftByte) in left.enumerated() {
    var current = [row + 1]
    for (column, rightByte) in right.enumerated() {
      let replaced = previous[column] + (leftByte == rightByte ? 0 : 1)
      current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[right.count]
}
