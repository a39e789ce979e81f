import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability

/// K-fold cross-validation of the strength of a penalty, optionally repeated and nested.
///
/// Each fold is predicted by fits to the rows outside it, one fit for each strength of the path.
/// Everything is estimated on these rows, including the standardisation of features. The scores at
/// the best strength are slightly optimistic because the same folds chose it. With `isNested` the
/// strength is chosen separately inside the training rows of every fold, and the scores of that
/// procedure are unbiased by the choice.
///
/// Folds and fits depend only on the seed: the same bits for any number of threads.
public struct CrossValidation<E: PathEstimator>: Sendable {
  /// The method of training.
  public var estimator: E
  /// The strengths that are compared.
  public var path: RegularizationPath
  /// The number of folds K, also for the folds inside a fold.
  public var foldCount: Int
  /// The number of times that rows are assigned to folds.
  public var repeats: Int
  /// Whether the strength is also chosen inside each fold.
  public var isNested: Bool
  /// The rule for the choice inside folds.
  public var choice: LambdaChoice
  /// The seed of the folds.
  public var seed: UInt64
  /// The threads that share the folds.
  public var threads: any Reducer

  /// Creates a cross-validation; by default ten folds once, not nested. `run` throws for fewer than
  /// two folds or no repeat.
  public init(
    _ estimator: E, path: RegularizationPath = .standard, foldCount: Int = 10, repeats: Int = 1,
    isNested: Bool = false, choice: LambdaChoice = .minimum, seed: UInt64 = 1,
    threads: any Reducer = .one
  ) {
    self.estimator = estimator
    self.path = path
    self.foldCount = foldCount
    self.repeats = repeats
    self.isNested = isNested
    self.choice = choice
    self.seed = seed
    self.threads = threads
  }

  /// Trains and scores every fold. Returns nil if stopped: if `observer`, called after each fit,
  /// returned false, or if `isCancelled`, called at each step of a solver, returned true. After
  /// that it must keep returning true. Both may be called from any thread.
  ///
  /// `groups` has an identifier for each row; rows with the same identifier are held out together.
  /// Throws `DatasetError`: `.folds`, `.argument` for no repeat, `.rowMismatch` unless there is one
  /// group per row, `.classesOutsideTraining`, `LabelError.neverExcluded`, and what a fit to all
  /// rows throws. Complexity: repeats x K x strengths fits, K + 1 times as many if nested.
  public func run(
    _ data: Dataset, groups: [Int]? = nil,
    observing observer: (@Sendable (CrossValidationProgress) -> Bool)? = nil,
    cancelling isCancelled: (@Sendable () -> Bool)? = nil
  ) throws(DatasetError) -> CrossValidated<E.Trained>? {
    try DatasetError.require("repeats", repeats, atLeast: 1)
    try estimator.check(data)
    try requireExclusion(by: data)
    let plan = try FoldPlan(of: self, data, groups: groups)
    try requireClasses(of: plan.tasks, data, groups)
    let meter = FitMeter(total: plan.tasks.count * path.strengths.count, isCancelled, observer)
    let outcomes = threads.map(count: plan.tasks.count) { index in
      Result { () throws(DatasetError) -> FoldOutcome<E.Trained> in
        do throws(DatasetError) {
          return try outcome(of: plan.tasks[index], data, groups, TaskMeter(meter, task: index))
        } catch {
          meter.fail(at: index)
          throw error
        }
      }
    }
    var done: [FoldOutcome<E.Trained>] = []
    for outcome in outcomes { done.append(try outcome.get()) }
    if meter.isStopped { return nil }
    return CrossValidated(
      plan: plan, outcomes: done, strengths: path.strengths, choice: isNested ? choice : nil)
  }

  /// Throws the error of training a fold without a class, before any fold is trained.
  private func requireClasses(
    of tasks: [FoldPlan.Task], _ data: Dataset, _ groups: [Int]?
  ) throws(DatasetError) {
    for task in tasks {
      let mean = try Evaluation.meanLabel(
        of: data.labels.selecting(rows: task.training),
        weights: data.weights.selecting(rows: task.training))
      guard mean.contains(0) else { continue }
      _ = try trained(
        on: data.part(rows: task.training), task, groups, data, continuing: { false },
        finishing: {})
    }
  }

  /// Throws if a class is in every candidate set: to predict it always has likelihood one, so every
  /// strength has the same loss, zero.
  private func requireExclusion(by data: Dataset) throws(DatasetError) {
    guard case .candidates(let sets) = data.labels else { return }
    let rows = (0..<sets.rowCount).filter { data.weights[$0] > 0 }
    let always = (0..<sets.classCount).filter { index in
      rows.allSatisfy { sets.membership[$0, index] == 1 }
    }
    if !always.isEmpty { throw .label(.neverExcluded(classes: always)) }
  }

  private func outcome(
    of task: FoldPlan.Task, _ data: Dataset, _ groups: [Int]?, _ meter: TaskMeter
  ) throws(DatasetError) -> FoldOutcome<E.Trained> {
    if meter.isStopped { return FoldOutcome() }
    let training = data.part(rows: task.training)
    let mean = try Evaluation.meanLabel(of: training.labels, weights: training.weights)
    let points = try trained(
      on: consume training, task, groups, data, continuing: { !meter.isStopped },
      finishing: { meter.add() })
    if meter.isStopped { return FoldOutcome() }
    let held = data.part(rows: task.held)
    var scores: [HeldOutScores] = []
    for point in points {
      let evaluation = try point.classifier.evaluation(on: held)
      scores.append(HeldOutScores(evaluation, loss: try point.classifier.loss(of: held)))
    }
    guard task.isOuter else { return FoldOutcome(scores: scores) }
    let null = try Evaluation(ofConstant: mean, against: held.labels, weights: held.weights)
    return FoldOutcome(scores: scores, points: points, null: HeldOutScores(null))
  }

  /// A class that occurs only in held-out rows is reported as such, not as an error of the data.
  private func trained(
    on training: consuming Dataset, _ task: FoldPlan.Task, _ groups: [Int]?, _ data: Dataset,
    continuing: @escaping @Sendable () -> Bool, finishing: @Sendable () -> Void
  ) throws(DatasetError) -> [PathPoint<E.Trained>] {
    let parts = groups.map { groups in task.training.map { groups[$0] } }
    do {
      return try estimator.path(
        path.strengths, on: consume training, groups: parts, continuing: continuing,
        finishing: finishing)
    } catch {
      guard case .label(.neverSeen(let classes)) = error else { throw error }
      let mean = try Evaluation.meanLabel(of: data.labels, weights: data.weights)
      let absent = classes.filter { mean[$0] == 0 }
      throw absent.isEmpty ? .classesOutsideTraining(classes) : .label(.neverSeen(classes: absent))
    }
  }
}

/// A rule for choosing a strength from a path.
public enum LambdaChoice: String, Sendable, CaseIterable {
  /// The strength with the smallest mean loss; the larger one in a tie.
  case minimum = "min"
  /// The largest strength whose loss is within one standard error of the smallest (Breiman,
  /// Friedman, Olshen and Stone, Classification and Regression Trees, 1984, section 3.4.3).
  case oneStandardError = "1se"
}

/// The progress of a cross-validation.
public struct CrossValidationProgress: Sendable {
  /// The number of completed fits.
  public let completed: Int
  /// The total number of fits.
  public let total: Int
}

/// The result of one fold; empty if the work was stopped.
struct FoldOutcome<Trained: HeldOutClassifier>: Sendable {
  /// One entry per strength.
  var scores: [HeldOutScores] = []
  /// One entry per strength; kept only for the outer folds.
  var points: [PathPoint<Trained>] = []
  /// The scores of the mean label of the training rows.
  var null: HeldOutScores?
}
