import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

@Suite struct PredictionPrecisionTests {
  /// An untrained ensemble of two, over features of unequal centre and scale.
  private static func classifier(
    _ precision: PredictionPrecision, hidden: [Int] = [40, 30], features: Int = 50
  ) -> NetworkClassifier {
    let network = MultilayerPerceptron(
      hidden: hidden, activation: .gelu, normalizesLayers: true, hasSkip: true)
    let model = network.model(featureCount: features, classCount: 4)
    var numbers = TestNumbers(seed: 3)
    let standardization = Standardization(
      centers: numbers.uniform(features, in: -2...2), scales: numbers.uniform(features, in: 0.5...3)
    )
    let members = (0..<2).map { _ in
      ModelClassifier(
        model: model, parameters: numbers.uniform(model.parameterCount, in: -0.2...0.2),
        likelihood: Categorical(),
        encoding: FeatureEncoding(numbers: (0..<features).map { "f\($0)" }),
        standardization: standardization, classNames: ["a", "b", "c", "d"], usesOffsets: false)
    }
    return NetworkClassifier(trusting: members, precision: precision)
  }

  private static func features(_ classifier: NetworkClassifier, rows: Int = 203) -> Features {
    var numbers = TestNumbers(seed: 4)
    let count = classifier.encoding.columnCount
    let values = (0..<rows).map { _ in numbers.uniform(count, in: -3...3) }
    return Features(
      trusting: BlockedMatrix(rows: values, columnCount: count), encoding: classifier.encoding)
  }

  private static func rows(_ classifier: NetworkClassifier, _ features: Features, threads: Int = 1)
    throws -> [[Double]]
  {
    let values = try classifier.probabilities(
      for: features, offsets: nil, threads: ThreadCount(threads)
    ).values
    return (0..<values.rowCount).map { values.row($0) }
  }

  @Test func singleIsNearDouble() throws {
    var classifier = Self.classifier(.single)
    let features = Self.features(classifier)
    let found = try Self.rows(classifier, features)
    classifier.precision = .double
    let exact = try Self.rows(classifier, features)
    #expect(found != exact)
    for (found, exact) in zip(found.joined(), exact.joined()) {
      #expect((found - exact).magnitude <= 1e-5 * exact)
    }
    // Two members: logits are logarithms of averages.
    classifier.precision = .single
    let logits = try classifier.logits(for: features, offsets: nil, threads: .one)
    #expect((Double.exp(logits[5, 1]) - found[5][1]).magnitude < 1e-12)
  }

  @Test func threadsAndCompanyChangeNoBit() throws {
    let classifier = Self.classifier(.single)
    var features = Self.features(classifier)
    features.matrix[7, 3] = 1e200
    let one = try Self.rows(classifier, features)
    let three = try Self.rows(classifier, features, threads: 3)
    #expect(three == one)
    for row in [0, 7, 8, 191, 202] {
      let alone = try Self.rows(classifier, features.selecting(rows: [row]))
      #expect(alone == [one[row]])
    }
  }

  /// Rows beyond the range of single precision have the bits of double precision; the others are
  /// unaffected.
  @Test(arguments: [1e5, 1e30, -1e39, 1e300])
  func largeValuesArePredictedInDouble(value: Double) throws {
    var classifier = Self.classifier(.single)
    var features = Self.features(classifier)
    let plain = try Self.rows(classifier, features)
    for row in [2, 9, 200] { features.matrix[row, row % 50] = value }
    let found = try Self.rows(classifier, features)
    classifier.precision = .double
    let exact = try Self.rows(classifier, features)
    for row in found.indices {
      #expect(found[row] == ([2, 9, 200].contains(row) ? exact : plain)[row])
      #expect(found[row].allSatisfy { $0.isFinite })
    }
  }

  /// Features stored in single precision or as compressed rows.
  @Test(arguments: [MatrixStorage.single, .sparse])
  func otherStoragesPredictToo(storage: MatrixStorage) throws {
    var classifier = Self.classifier(.single)
    var features = Self.features(classifier)
    features.matrix = features.matrix.stored(as: storage)
    let found = try Self.rows(classifier, features)
    classifier.precision = .double
    let exact = try Self.rows(classifier, features)
    #expect((found == exact) == (storage == .sparse))
    for (found, exact) in zip(found.joined(), exact.joined()) {
      #expect((found - exact).magnitude <= 1e-5 * exact)
    }
  }

  @Test func smallNetworksStayInDouble() throws {
    let automatic = PredictionPrecision.automatic
    func model(_ features: Int, _ hidden: [Int]) -> PerceptronLogits {
      MultilayerPerceptron(hidden: hidden).model(featureCount: features, classCount: 1000)
    }
    #expect(automatic.isSingle(for: model(256, [256])))
    #expect(!automatic.isSingle(for: model(255, [256])))
    #expect(!automatic.isSingle(for: model(1000, [])))
    #expect(!PredictionPrecision.double.isSingle(for: model(784, [256])))
    var small = Self.classifier(.automatic)
    let features = Self.features(small)
    let found = try Self.rows(small, features)
    small.precision = .double
    let exact = try Self.rows(small, features)
    #expect(exact == found)
  }

  /// The statistics of a fit are in double precision even for a large network.
  @Test func scoresOfFitsAreInDouble() throws {
    let data = try RandomData(rows: 40, columns: 5, classes: 3, kind: .probabilities).dataset()
    let fit = try MaximumLikelihood(
      MultilayerPerceptron(hidden: [300, 300]), likelihood: Categorical(),
      options: FitOptions(seed: 2)
    ).fitEnsemble(of: 2, to: data, training: TrainingOptions(epochs: 1, batchSize: 20))
    #expect(fit.classifier.precision == .automatic)
    func crossEntropy(_ precision: PredictionPrecision) throws -> Double {
      let classifier = NetworkClassifier(trusting: fit.classifier.members, precision: precision)
      let logs = try classifier.logProbabilities(for: data.features, offsets: nil, threads: .one)
      return (0..<40).reduce(0.0) { sum, row in
        sum
          - zip(data.labels.distribution(ofRow: row), logs.row(row)).reduce(0) { $0 + $1.0 * $1.1 }
      } / 40
    }
    let reported = fit.record.statistics.crossEntropy
    let (double, automatic) = try (crossEntropy(.double), crossEntropy(.automatic))
    #expect(relativeDistance(double, reported) < 1e-13)
    #expect(relativeDistance(automatic, reported) > 1e-13)
    #expect(relativeDistance(automatic, reported) < 1e-5)
  }
}
