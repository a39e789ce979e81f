import SurprisalDiagnostics
import SurprisalOptimization
import Testing

@Suite struct TerminationSentenceTests {
  @Test func everyTerminationHasItsSentence() {
    let sentences = Set(Termination.allCases.map(\.sentence))
    #expect(sentences.count == Termination.allCases.count)
  }
}
