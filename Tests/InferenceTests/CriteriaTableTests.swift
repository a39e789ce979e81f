import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@Suite struct CriteriaTableTests {
  private func record(
    _ data: Dataset, lambda: Double = 0, intercept: Bool = true
  ) throws -> FitRecord {
    let family = SoftmaxRegression(hasIntercept: intercept)
    if lambda > 0 {
      return try MaximumLikelihood(family, likelihood: Multinomial(), prior: .ridge(lambda))
        .fit(data).record()
    }
    return try MaximumLikelihood(family, likelihood: Multinomial()).fit(data).record()
  }

  private func data(seed: UInt64 = 1) throws -> Dataset {
    try RandomData(rows: 30, columns: 2, classes: 3, kind: .counts, seed: seed).dataset()
  }

  @Test func differencesAreFromTheSmallest() throws {
    let records = [try record(data()), try record(data(), intercept: false)]
    let table = CriteriaTable(records)
    #expect(table.refusal == nil)
    for (entry, record) in zip(table.entries, records) {
      let count = Double(try #require(entry.degreesOfFreedom))
      let akaike = -2 * record.statistics.logLikelihood + 2 * count
      #expect((try #require(entry.akaike) - akaike).magnitude < 1e-9)
      #expect(entry.reason == nil)
    }
    let differences = table.akaikeDifferences.compactMap { $0 }
    #expect(differences.count == 2 && differences.min() == 0)
  }

  @Test func aPriorHasNoneAndDoesNotSpoilTheOthers() throws {
    let table = CriteriaTable([
      try record(data()), try record(data(), lambda: 0.1), try record(data(), intercept: false),
    ])
    #expect(table.entries[1].akaike == nil && table.entries[1].reason != nil)
    #expect(table.akaikeDifferences[1] == nil)
    #expect(table.refusal == nil && table.akaikeDifferences[0] != nil)
  }

  @Test func otherDataAreRefused() throws {
    let other = CriteriaTable([try record(data()), try record(data(seed: 2))])
    #expect(other.refusal == .differentData)
    #expect(other.akaikeDifferences == [nil, nil])
    let single = CriteriaTable([try record(data())])
    #expect(single.refusal == nil && single.akaikeDifferences == [nil])
  }
}
