import SurprisalDatasets
import SurprisalLinearAlgebra

/// The result of a cross-validation: scores for every strength, and the classifiers of every fold.
public struct CrossValidated<Trained: HeldOutClassifier>: Sendable {
  /// The scores.
  public let summary: CrossValidationSummary
  /// The folds of each repeat.
  public let folds: [Folds]
  /// The trained classifiers, by repeat, fold and strength.
  public let points: [[[PathPoint<Trained>]]]

  init(
    plan: FoldPlan, outcomes: [FoldOutcome<Trained>], strengths: [Double],
    choice: LambdaChoice?
  ) {
    folds = plan.folds
    let outer = plan.folds.indices.map { index in
      (0..<plan.foldCount).map { outcomes[plan.place(repeat: index, fold: $0)] }
    }
    let points = outer.map { $0.map(\.points) }
    let scores = outer.map { $0.map(\.scores) }
    let unconverged = strengths.indices.map { place in
      points.reduce(0) { $0 + $1.count { !$0[place].isConverged } }
    }
    let nested = choice.map { choice in
      plan.folds.indices.map { index in
        (0..<plan.foldCount).map { fold in
          let first = plan.place(repeat: index, fold: fold) + 1
          let inner = outcomes[first..<first + plan.innerCount].map(\.scores)
          return LossPath(folds: [inner]).index(choice)
        }
      }
    }
    self.points = points
    summary = CrossValidationSummary(
      strengths: strengths, foldScores: scores,
      nullScores: outer.map { $0.compactMap(\.null) }, nestedChoices: nested,
      unconvergedFits: unconverged, dealing: plan.folds[0].dealing)
  }

  /// The log-probabilities of each row at the time it was held out, N x C, one matrix per repeat;
  /// `strength` returns the position in the path for a repeat and a fold.
  ///
  /// `data` are those of the cross-validation. Throws what the classifiers throw, `.rowMismatch`
  /// for other numbers of rows or classes, and `.argument` for a position outside the path.
  /// Complexity: one prediction per row and repeat.
  public func outOfFold(
    _ data: Dataset, strength: (_ repeat: Int, _ fold: Int) -> Int
  ) throws(DatasetError) -> [BlockedMatrix] {
    var result: [BlockedMatrix] = []
    for (index, folds) in folds.enumerated() {
      try DatasetError.require("rows", data.rowCount, equals: folds.assignments.count)
      var matrix = BlockedMatrix(rowCount: data.rowCount, columnCount: data.classCount)
      for fold in 0..<folds.count {
        let rows = folds.held(in: fold)
        let held = data.selecting(rows: rows)
        let (path, place) = (points[index][fold], strength(index, fold))
        guard path.indices.contains(place) else {
          throw .argument(
            "strength", value: Double(place), domain: "an index of \(path.count) strengths")
        }
        let logs = try path[place].classifier.logProbabilities(
          for: held.features, offsets: held.offsets, threads: .one)
        try DatasetError.require("classes", data.classCount, equals: logs.columnCount)
        for (place, row) in rows.enumerated() {
          for unit in 0..<data.classCount { matrix[row, unit] = logs[place, unit] }
        }
      }
      result.append(matrix)
    }
    return result
  }

  /// As above, at the strength that a rule chooses from all folds.
  public func outOfFold(
    _ data: Dataset, choosing choice: LambdaChoice
  ) throws(DatasetError) -> [BlockedMatrix] {
    let index = summary.index(choice)
    return try outOfFold(data) { _, _ in index }
  }

  /// As above, at the strength that was chosen inside each fold; nil unless nested.
  public func nestedOutOfFold(_ data: Dataset) throws(DatasetError) -> [BlockedMatrix]? {
    guard let choices = summary.nestedChoices else { return nil }
    return try outOfFold(data) { choices[$0][$1] }
  }
}
