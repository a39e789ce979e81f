import RealModule
import SurprisalAnnotation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Features and votes of the same rows: `Σᵢ wᵢ log Σₖ qₖ(xᵢ; θ) Π_votes T[annotator][k, vote]`.
///
/// For given T it is the objective of evidence; for given posteriors that of soft labels.
struct JointData<P: Prior>: Sendable {
  /// The objective of the features; its responses are replaced.
  let plain: AffineObjective<Evidence, P>
  /// The votes on the rows.
  let votes: VoteLikelihood

  var classCount: Int { plain.model.classCount }
  var rowCount: Int { plain.features.rowCount }

  /// The state at coefficients θ and probabilities T; nil if it is not finite.
  func state(theta: [Double], table: [Double]) -> JointState<P>? {
    let logs = votes.logLikelihoods(under: table)
    guard theta.isFinite, let evidence = try? ClassEvidence(logarithms: matrix(logs)) else {
      return nil
    }
    let objective = plain.answering(Evidence(), evidence)
    var gradient: [Double] = []
    let value = objective.evaluate(at: theta, gradient: &gradient)
    let constant = SummationTree.sum(ofRows: rowCount) {
      plain.weights[$0] * evidence.constants[$0]
    }
    let density = votes.logDensity(of: table)
    let posterior = objective.posteriors(at: theta)
    let state = JointState(
      objective: objective, theta: theta, table: table,
      value: value - (constant + density) / plain.totalWeight, gradient: gradient,
      posterior: posterior, counts: votes.expectedCounts(weighted(posterior)))
    return state.value.isFinite ? state : nil
  }

  /// The probabilities of votes with the largest likelihood for these posteriors.
  func table(of posterior: [Double]) -> [Double] {
    votes.parameters(of: weighted(posterior)).table
  }

  /// Steps towards the coefficients with the largest likelihood for these posteriors.
  func theta(
    of posterior: [Double], from start: [Double], options: FitOptions
  ) -> AffineMinimization.Run {
    let labels = ClassProbabilities(trusting: matrix(posterior))
    return AffineMinimization(options: options).run(
      plain.answering(Categorical(), .probabilities(labels)), from: start, observing: nil)
  }

  private func weighted(_ posterior: [Double]) -> [Double] {
    posterior.indices.map { posterior[$0] * plain.weights[$0 / classCount] }
  }

  private func matrix(_ rows: [Double]) -> BlockedMatrix {
    let classes = classCount
    return BlockedMatrix(
      columns: (0..<classes).map { k in (0..<rowCount).map { rows[$0 * classes + k] } },
      rowCount: rowCount)
  }
}

/// The value, gradient and posteriors at one point of a joint fit.
struct JointState<P: Prior>: Sendable {
  /// The objective of the evidence that T gives.
  let objective: AffineObjective<Evidence, P>
  let theta: [Double]
  /// `P(vote | class)`, cell after cell.
  let table: [Double]
  /// Minus the penalised marginal log-likelihood of the votes over W.
  let value: Double
  /// Its gradient in θ.
  let gradient: [Double]
  /// The posterior of each row.
  let posterior: [Double]
  /// The expected votes of each cell and class, by the weights of rows.
  let counts: [Double]
}

extension NegativeLogPosterior where M == LinearPredictor {
  /// The same features, weights and prior under another likelihood.
  func answering<Other: Likelihood>(
    _ likelihood: Other, _ responses: Other.Responses
  ) -> AffineObjective<Other, P> {
    AffineObjective(
      model: model, likelihood: likelihood, prior: prior, features: features,
      responses: responses, offsets: offsets, weights: weights, priorScales: priorScales,
      threads: threads)
  }
}

extension NegativeLogPosterior where M == LinearPredictor, L == Evidence {
  /// The probabilities of the classes given features and evidence, row after row.
  func posteriors(at point: [Double]) -> [Double] {
    let prepared = prepare(point)
    return threads.map(count: features.blockCount) { index -> [Double] in
      let block = features.block(index)
      var tile = makeTile()
      var workspace: Void = model.makeWorkspace()
      computeUnits(of: block, at: prepared, into: &tile, using: &workspace)
      tile.add(responses.logs, block: index)
      tile.softmaxInPlace(examples: block.rows.count)
      return block.rows.indices.flatMap { row in
        (0..<model.classCount).map { tile[$0, row - block.rows.lowerBound] }
      }
    }.flatMap { $0 }
  }
}
