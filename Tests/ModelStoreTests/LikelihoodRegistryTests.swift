import SurprisalEstimation
import SurprisalFitting
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalTables

@Suite("Likelihoods in model files")
struct LikelihoodRegistryTests {
  /// Every likelihood, and those with options in each of their forms.
  static func likelihoods() throws -> [any Likelihood] {
    let matrix = BlockedMatrix(
      rows: [[0.1 + 0.7, 0.1, 0.1], [0.05, 0.9, 0.05], [1.0 / 3, 1.0 / 3, 1.0 / 3]],
      columnCount: 3)
    return [
      Categorical(), Multinomial(), CandidateSet(), Evidence(), ContinuousCategorical(),
      Dirichlet(), Dirichlet(precision: .fixed(12.5)), DirichletMultinomial(),
      NoisyLabel(.estimated(startingDiagonal: 0.75)),
      NoisyLabel(.known(try ClassProbabilities(matrix))),
    ]
  }

  static func saved(_ likelihood: any Likelihood) -> FittedModel {
    let old = ModelFileFixture.saved.affine
    let own = likelihood.auxiliaryParameters(classCount: 3).indices.map { 0.1 + 0.2 * Double($0) }
    return FittedModel(
      affine: ModelClassifier(
        model: old.model, parameters: ModelFileFixture.parameters + own, likelihood: likelihood,
        encoding: old.encoding, standardization: old.standardization, classNames: old.classNames,
        usesOffsets: false),
      record: ModelFileFixture.record)
  }

  @Test("every likelihood is read back with its options, parameters and predictions")
  func roundTrip() throws {
    for likelihood in try Self.likelihoods() {
      let saved = Self.saved(likelihood)
      let bytes = ModelFile.bytes(of: saved)
      let read = try ModelFile.read(bytes)
      #expect(type(of: read.affine.likelihood) == type(of: likelihood))
      #expect(read.affine.parameters == saved.affine.parameters)
      // The bytes are equal: nothing was lost, including options.
      #expect(ModelFile.bytes(of: read) == bytes)
      #expect(
        try ModelFileFixture.probabilities(of: read)
          == ModelFileFixture.probabilities(of: saved), "\(likelihood.name)")
    }
  }

  @Test("the list has every likelihood once") func names() throws {
    let names = LikelihoodRegistry.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(Set(names) == Set(try Self.likelihoods().map { $0.name }))
  }

  @Test(
    "options outside their domain are refused, not trapped on",
    arguments: [
      ("dirichlet", ["precision": [0.0]]), ("dirichlet", ["precision": [-1]]),
      ("dirichlet", ["precision": [.infinity]]), ("dirichlet", ["precision": [1, 2]]),
      ("dirichlet", [:]), ("noisy-label", [:]),
      ("noisy-label", ["confusion": [], "starting_diagonal": []]),
      ("noisy-label", ["confusion": [1, 0, 0, 1], "starting_diagonal": [0.9]]),
      ("noisy-label", ["confusion": [1, 0, 0], "starting_diagonal": []]),
      ("noisy-label", ["confusion": [1, 0, 0.5, 0.6], "starting_diagonal": []]),
      ("noisy-label", ["confusion": [2, -1, 0, 1], "starting_diagonal": []]),
      ("noisy-label", ["confusion": [], "starting_diagonal": [1.5]]),
      ("noisy-label", ["confusion": [], "starting_diagonal": [0.9, 0.9]]),
    ] as [(String, [String: [Double]])])
  func refused(name: String, options: [String: [Double]]) throws {
    let known = try #require(LikelihoodRegistry.named(name))
    #expect(known.likelihood(options: options, classCount: 2) == nil)
  }

  @Test("a small file does not allocate much memory") func memory() throws {
    let known = try #require(LikelihoodRegistry.named("noisy-label"))
    let options: [String: [Double]] = ["confusion": [], "starting_diagonal": [0.9]]
    #expect(known.likelihood(options: options, classCount: 1_000_000) == nil)
  }
}
