import SurprisalTables

extension EditDistance {
  /// `did you mean "age"?`, about the candidate nearest to the word; nil if none is near.
  package static func question(about word: String, among candidates: [String]) -> String? {
    nearest(to: word, among: candidates).map { "did you mean \(EscapedText($0))?" }
  }
}
