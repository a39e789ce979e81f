import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension MaximumLikelihood where Family == MultilayerPerceptron {
  /// Trains a network.
  ///
  /// Features are standardised, by `training.inputScale`, and the change of variables is kept with the
  /// network; a prior is always about the weights of standardised features and of hidden units. The
  /// order of the rows, the start and dropout come from `options.seed`: the same bits for any number
  /// of threads. With validation rows the parameters with the smallest divergence are kept.
  ///
  /// A rate that is too large is a result, `.notConverged(.diverged)`, with the last good parameters:
  /// none of them is ever infinite or no number. `state` is what an observer saw of an earlier run of
  /// the same data and options; training goes on from there with the same bits.
  ///
  /// Throws `DatasetError` as an affine fit does, and for validation rows that do not fit.
  public func fit(
    _ data: consuming Dataset, training: TrainingOptions = TrainingOptions(),
    validation: Validation = .none, resuming state: StochasticState? = nil,
    observing observer: TrainingObserver? = nil
  ) throws(DatasetError) -> Fit<PerceptronLogits, L, P> {
    let (data, other) = try validation.split(consume data, seed: options.seed)
    return try fit(
      data, training, held: other, resuming: state, member: (0, 1), observing: observer)
  }

  func fit(
    _ data: consuming Dataset, _ training: TrainingOptions, held other: Dataset?,
    resuming state: StochasticState?, member: (index: Int, count: Int),
    observing observer: TrainingObserver?
  ) throws(DatasetError) -> Fit<PerceptronLogits, L, P> {
    var network = family
    if training.method == .lbfgs { network.dropout = 0 }
    let problem = try NetworkProblem(
      consume data, network: network, likelihood: likelihood, scale: training.inputScale,
      options: options)
    let objective = problem.objective(prior)
    var held: HeldRows<L, P>?
    if let other { held = try problem.held(other, prior) }
    let run = NetworkTraining(
      problem: problem, objective: objective, held: held, training: training, options: options,
      member: member)
    let outcome = run.run(
      resuming: state?.point.count == objective.dimension ? state : nil, observing: observer)
    let record = TrainingRecord(
      network: network, seed: options.seed, options: training,
      history: outcome.state?.history ?? [],
      bestEpoch: outcome.state?.bestEpoch,
      validation: held?.summary(at: outcome.solution.point))
    return problem.fit(outcome, record, of: objective)
  }
}

extension Validation {
  /// The rows to train on and those to judge by.
  ///
  /// Throws `.noRows` where a share leaves one of them empty.
  func split(
    _ data: consuming Dataset, seed: UInt64
  ) throws(DatasetError) -> (Dataset, Dataset?) {
    switch self {
    case .none: return (data, nil)
    case .data(let other): return (data, other)
    case .share(let share):
      let count = data.rowCount
      let held = Int((share * Double(count)).rounded())
      guard held > 0, held < count else { throw .noRows }
      let order = CounterHash(seed: seed ^ 0x6A09_E667_F3BC_C909).permutation(of: count)
      return (
        data.selecting(rows: order[held...].sorted()), data.selecting(rows: order[..<held].sorted())
      )
    }
  }
}
