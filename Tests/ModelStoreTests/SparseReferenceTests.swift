import Foundation
import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import SurprisalTables
import TestSupport
import Testing

/// Fits of LIBSVM files compared with exact answers that share no code with this package.
@Suite struct SparseReferenceTests {
  @Test(arguments: ["heart_l0", "heart_l1e-2"], MatrixStorage.allCases.filter { $0 != .single })
  func reproducesTheAnswer(_ id: String, _ storage: MatrixStorage) throws {
    try check(ReferenceCase(id), storage: storage)
  }

  @Test(
    .tags(.heavy), .enabled(if: heavyTestsEnabled),
    arguments: ["synth_sparse_l1e-2", "synth_sparse_l1e-4"])
  func reproducesTheAnswerOfLargeCases(_ id: String) throws {
    try check(ReferenceCase(id), storage: .sparse)
  }

  @Test(
    .tags(.heavy), .enabled(if: heavyTestsEnabled), .needs("data/Movie.libsvm"),
    arguments: ["movie_l1e-2", "movie_l1e-4"])
  func reproducesTheAnswerOfDistantCases(_ id: String) throws {
    try check(ReferenceCase(id), storage: .sparse)
  }

  private func check(_ item: ReferenceCase, storage: MatrixStorage) throws {
    var data = try dataset(of: item)
    if data.features.matrix.storageKind != storage {
      data.features.matrix = data.features.matrix.stored(as: storage)
    }
    // The divergence is compared to ten digits, and depends on the gradient to first order.
    let options = FitOptions(stopping: StoppingRule(tolerance: 1e-10))
    if item.lambda > 0 {
      let estimator = MaximumLikelihood(
        SoftmaxRegression(), likelihood: Categorical(), prior: .ridge(item.lambda),
        options: options)
      try ReferenceComparison(item).check(estimator.fit(data), data)
    } else {
      let estimator = MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical())
      try ReferenceComparison(item).check(estimator.fit(data), data)
    }
  }

  private func dataset(of item: ReferenceCase) throws -> Dataset {
    let path = try #require(SharedData.url(item.dataPath)).path
    let files = item.value["files"].array.map(\.text)
    var layout = ColumnRoles(labels: .target(LIBSVMReader.labelColumn))
    if files.count > 1 {
      layout.labels = .probabilities(prefix: "p_")
      let labels = String(files[1].dropFirst("shared/".count))
      layout.labelFile = InputFile(try #require(SharedData.url(labels)).path)
    }
    let data = try DatasetReader(roles: layout).read(InputFile(path)).dataset
    // The reference writes +1 for the class named 1.
    let names = item.value["classes"].array.map { $0.text == "+1" ? "1" : $0.text }
    #expect(data.classNames == names)
    #expect(Double(data.rowCount) == item.value["N"].number)
    #expect(Double(data.features.columnCount) == item.value["D"].number)
    let isDense = item.id.hasPrefix("heart")
    #expect(data.features.matrix.storageKind == (isDense ? .double : .sparse))
    return data
  }
}
