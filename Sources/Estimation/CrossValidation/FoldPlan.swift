import SurprisalDatasets

/// All folds of a cross-validation, drawn before the work starts, so that results do not depend on
/// the distribution of the work.
struct FoldPlan: Sendable {
  /// The training rows and the rows to predict.
  struct Task: Sendable {
    let training: [Int]
    let held: [Int]
    /// Whether this is an outer fold of all rows, not one inside a fold.
    let isOuter: Bool
  }

  /// The folds of each repeat.
  let folds: [Folds]
  /// Repeat by repeat, fold by fold: the outer fold, then the inner folds.
  let tasks: [Task]
  /// The number of folds, K.
  let foldCount: Int
  /// The number of folds inside a fold: K, or zero.
  let innerCount: Int

  init<E>(
    of validation: CrossValidation<E>, _ data: Dataset, groups: [Int]?
  ) throws(DatasetError) {
    foldCount = validation.foldCount
    innerCount = validation.isNested ? validation.foldCount : 0
    var generator = SplitMix64(seed: validation.seed)
    var folds: [Folds] = []
    var tasks: [Task] = []
    for _ in 0..<validation.repeats {
      let outer = try Folds(of: data, count: foldCount, groups: groups, using: &generator)
      folds.append(outer)
      // The seeds of inner folds are drawn even if they are not used, so nesting does not change
      // the outer folds of later repeats.
      let seeds = (0..<foldCount).map { _ in generator.next() }
      for fold in 0..<foldCount {
        let training = outer.training(in: fold)
        tasks.append(Task(training: training, held: outer.held(in: fold), isOuter: true))
        guard innerCount > 0 else { continue }
        var inner = SplitMix64(seed: seeds[fold])
        let parts = try Folds(
          of: data.selecting(rows: training), count: innerCount,
          groups: groups.map { groups in training.map { groups[$0] } }, using: &inner)
        for part in 0..<innerCount {
          tasks.append(
            Task(
              training: parts.training(in: part).map { training[$0] },
              held: parts.held(in: part).map { training[$0] }, isOuter: false))
        }
      }
    }
    self.folds = folds
    self.tasks = tasks
  }

  /// The position of an outer fold in `tasks`.
  package func place(repeat index: Int, fold: Int) -> Int {
    (index * foldCount + fold) * (innerCount + 1)
  }
}
