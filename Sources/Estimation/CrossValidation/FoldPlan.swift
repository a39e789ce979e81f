import SurprisalDatasets

/// All folds of a cross-validation, drawn before any work begins: who does the work, and when, then
/// changes nothing.
struct FoldPlan: Sendable {
  /// Rows to train on and rows to predict.
  struct Task: Sendable {
    let training: [Int]
    let held: [Int]
    /// Whether this is a fold of all rows, not one inside a fold.
    let isOuter: Bool
  }

  /// The folds of each repeat.
  let folds: [Folds]
  /// Repeat by repeat, fold by fold: the fold, then those inside it.
  let tasks: [Task]
  /// K.
  let foldCount: Int
  /// Folds inside a fold: K, or zero.
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
      // The seeds of inner folds are drawn whether or not they are used: nesting does not change
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

  /// The place in `tasks` of a fold of all rows.
  package func place(repeat index: Int, fold: Int) -> Int {
    (index * foldCount + fold) * (innerCount + 1)
  }
}
