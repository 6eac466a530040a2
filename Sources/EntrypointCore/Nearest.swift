/// The word among `candidates` that somebody who wrote `word` most likely meant: the only one that
/// begins so, or the closest one; nil when none is close.
///
/// What two names share in whole words at either end says nothing about what was meant, and does not
/// count; of three letters of the rest one may be wrong.
func nearest(to word: String, among candidates: [String]) -> String? {
  let written = normalized(word)
  var best: (word: String, distance: Int)?
  var longer: [String] = []
  for candidate in candidates {
    let candidateBytes = normalized(candidate)
    if written.count > 2, candidateBytes.starts(with: written) { longer.append(candidate) }
    let (mine, theirs) = different(written, candidateBytes)
    let distance = editDistance(mine, theirs)
    let allowed = mine.count == 2 ? 1 : mine.count / 3
    if distance <= allowed, distance < best?.distance ?? Int.max { best = (candidate, distance) }
  }
  if let shortest = longer.min(by: { $0.utf8.count < $1.utf8.count }),
    longer.allSatisfy({ $0.hasPrefix(shortest) })
  {
    return shortest
  }
  return best?.word
}

/// Lower case, and one separator instead of three.
private func normalized(_ word: String) -> [UInt8] {
  word.utf8.map { byte in
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: " "): UInt8(ascii: "-")
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    default: byte
    }
  }
}

/// Both words without the parts between separators that they begin and end with in common, unless that
/// is all of one.
private func different(_ left: [UInt8], _ right: [UInt8]) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)
{
  let separator = UInt8(ascii: "-")
  var (left, right) = (
    left.split(separator: separator)[...], right.split(separator: separator)[...]
  )
  while left.count > 1, right.count > 1, left.first == right.first {
    (left, right) = (left.dropFirst(), right.dropFirst())
  }
  while left.count > 1, right.count > 1, left.last == right.last {
    (left, right) = (left.dropLast(), right.dropLast())
  }
  return (
    Array(left.joined(separator: [separator]))[...],
    Array(right.joined(separator: [separator]))[...]
  )
}

/// The number of bytes to insert, drop, replace, or exchange with the next one, between two words
/// (Damerau and Levenshtein, in the form that changes no part twice).
private func editDistance(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
  let (left, right) = (Array(left), Array(right))
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
      var best = min(replaced, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        best = min(best, beforePrevious[column - 1] + 1)
      }
      current.append(best)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[right.count]
}
