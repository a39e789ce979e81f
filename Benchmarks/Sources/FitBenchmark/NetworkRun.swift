import MachineLimits
import Surprisal
import Synchronization

/// Training and prediction of a network: what `--network` measures.
struct NetworkRun: Encodable {
  var kernels = KernelSet.current.name
  var threads: Int
  /// Of the fastest pass over the rows, in batches.
  var epochSeconds = Double.infinity
  /// Of the pass with the least.
  var epochProcessorSeconds = Double.infinity
  /// Probabilities of all rows, from the features as they are.
  var predictSeconds: Double
  var predictProcessorSeconds: Double
  /// The same in double precision.
  var doublePredictSeconds: Double
  var doublePredictProcessorSeconds: Double
  /// The largest difference between the two, as a share of the probability in double precision.
  var largestDifference: Double

  init(_ data: consuming Dataset, hidden: [Int], batchSize: Int, passes: Int, threads: Int) throws {
    self.threads = threads
    let features = data.features
    let marks = Mutex([(ContinuousClock().now, machine_processor_seconds())])
    let fit = try MaximumLikelihood(
      MultilayerPerceptron(hidden: hidden), likelihood: Categorical(),
      options: FitOptions(seed: 1, threads: ThreadCount(threads))
    ).fit(data, training: TrainingOptions(epochs: passes + 1, batchSize: batchSize)) { _ in
      marks.withLock { $0.append((ContinuousClock().now, machine_processor_seconds())) }
      return true
    }
    // The first pass comes after the features were standardised.
    let ends = marks.withLock { Array($0.dropFirst()) }
    for (start, end) in zip(ends, ends.dropFirst()) {
      epochSeconds = min(epochSeconds, (end.0 - start.0).inSeconds)
      epochProcessorSeconds = min(epochProcessorSeconds, end.1 - start.1)
    }
    let single = try Prediction(fit.classifier, .automatic, features, passes, threads)
    let double = try Prediction(fit.classifier, .double, features, passes, threads)
    (predictSeconds, predictProcessorSeconds) = (single.seconds, single.processorSeconds)
    doublePredictSeconds = double.seconds
    doublePredictProcessorSeconds = double.processorSeconds
    largestDifference = single.largestDifference(from: double)
  }

  /// The best of some predictions of the same rows.
  private struct Prediction {
    var seconds = Double.infinity
    var processorSeconds = Double.infinity
    var probabilities: BlockedMatrix

    init(
      _ member: ModelClassifier<PerceptronLogits>, _ precision: PredictionPrecision,
      _ features: Features, _ passes: Int, _ threads: Int
    ) throws {
      let classifier = try NetworkClassifier(members: [member], precision: precision)
      probabilities = BlockedMatrix(rowCount: 0, columnCount: 0)
      for _ in 0..<passes {
        let (start, processor) = (ContinuousClock().now, machine_processor_seconds())
        probabilities = try classifier.probabilities(
          for: features, offsets: nil, threads: ThreadCount(threads)
        ).values
        seconds = min(seconds, (ContinuousClock().now - start).inSeconds)
        processorSeconds = min(processorSeconds, machine_processor_seconds() - processor)
      }
    }

    func largestDifference(from other: Prediction) -> Double {
      (0..<probabilities.columnCount).reduce(0.0) { worst, column in
        zip(probabilities.column(column), other.probabilities.column(column))
          .reduce(worst) { max($0, ($1.0 - $1.1).magnitude / $1.1) }
      }
    }
  }
}
