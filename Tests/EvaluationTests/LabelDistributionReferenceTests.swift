import SurprisalEvaluation
import SurprisalProbability
import TestSupport
import Testing

/// Compares with PyLDL: Tests/Reference/ldl_measures.py made the numbers.
@Suite struct LabelDistributionReferenceTests {
  @Test(arguments: 0..<3) func measuresAgreeWithPyLDL(index: Int) throws {
    let item = try ReferenceValue(ofTests: "ldl_measures.json")["cases"].array[index]
    let found = try Evaluation(
      of: try probabilities(item["predictions"].rows), against: try soft(item["labels"].rows)
    ).labelDistributionMeasures()
    let pairs = [
      ("chebyshev", found.chebyshev), ("clark", found.clark), ("canberra", found.canberra),
      ("kl_divergence", found.kl), ("cosine", found.cosine), ("intersection", found.intersection),
    ]
    for (key, value) in pairs {
      #expect(relativeDistance(value, item["expected"][key].number) < 1e-12, "\(key): \(value)")
    }
  }
}
