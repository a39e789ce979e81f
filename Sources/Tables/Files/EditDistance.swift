/// The edit distance of two words, for "did you mean".
public enum EditDistance {
  /// The insertions, deletions, replacements and transpositions of neighbours that turn one word
  /// into the other, each counted once, ignoring case. `O(a.count * b.count)`.
  public static func between(_ first: String, _ second: String) -> Int {
    let a = Array(first.lowercased().unicodeScalars.prefix(256))
    let b = Array(second.lowercased().unicodeScalars.prefix(256))
    var older = [Int](repeating: 0, count: b.count + 1)
    var old = Array(0...b.count)
    for i in a.indices {
      var new = [Int](repeating: i + 1, count: b.count + 1)
      for j in b.indices {
        new[j + 1] = min(old[j] + (a[i] == b[j] ? 0 : 1), old[j + 1] + 1, new[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          new[j + 1] = min(new[j + 1], older[j - 1] + 1)
        }
      }
      older = old
      old = new
    }
    return old[b.count]
  }

  /// The candidate at the smallest distance, the first of equals; nil if none is nearer than a
  /// third of the word's length (at least one letter), or if every letter of the word would change.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    let limit = max(1, word.unicodeScalars.count / 3)
    // Bounded: a folder may hold a million names.
    let distances = candidates.prefix(10_000).map { ($0, between(word, $0)) }
    let length = word.unicodeScalars.count
    return distances.filter { $0.1 <= limit && $0.1 < max(length, $0.0.unicodeScalars.count) }
      .min { $0.1 < $1.1 }?.0
  }
}
