import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization

extension FitDocument {
  /// Requires short names, indices of existing classes, finite numbers (except statistics), and
  /// consistent estimates, states and errors.
  func requireValid(
    _ path: String, classCount: Int, network: MultilayerPerceptron?
  ) throws(ModelFileError.Problem) {
    try specification.requireValid("\(path).specification", classCount: classCount)
    try Check.names(convergence.solvers, "\(path).course.solvers")
    try Check.name(convergence.termination, "\(path).course.termination")
    try Check.notNegative(
      [
        "iterations": convergence.iterations, "passes": convergence.passes,
        "curvature_evaluations": convergence.curvatureEvaluations,
      ], "\(path).course")
    try Check.notNegative(
      ["degrees_of_freedom": statistics.degreesOfFreedom], "\(path).statistics")
    try Check.finite(statistics.dataChecksum, "\(path).statistics.data_checksum")
    if let noise = statistics.labelNoise {
      try Check.finite(
        [
          "expected": noise.expected, "misfit": noise.misfit,
          "standard_error": noise.standardError, "p_value": noise.test?.pValue,
        ], "\(path).statistics.label_noise")
    }
    if case .unavailable(.recorded(let reason)) = statistics.criteria {
      try Check.name(reason, "\(path).statistics.criteria.unavailable.reason")
    }
    for (index, coefficient) in coefficients.enumerated() {
      try coefficient.requireValid("\(path).coefficients[\(index)]", classCount: classCount)
    }
    for (index, parameter) in auxiliaryParameters.enumerated() {
      let path = "\(path).own_parameters[\(index)]"
      try Check.name(parameter.name, "\(path).name")
      try Check.finite(parameter.standardError, "\(path).std_error")
      try Check.finite(parameter.interval, "\(path).interval")
    }
    try Check.warnings(warnings, "\(path).warnings")
    try requireValidUncertainty(path)
    try requireValidTraining(path, network)
  }

  /// Requires combinations of existing columns with finite numbers.
  func requireValidDependencies(
    _ path: String, columnCount: Int
  ) throws(ModelFileError.Problem) {
    for (index, dependence) in (dependencies ?? []).enumerated() {
      let path = "\(path)[\(index)]"
      try Check.index(dependence.column, below: columnCount, of: "columns", "\(path).column")
      try Check.finite(dependence.interceptCoefficient, "\(path).constant")
      for term in dependence.combination {
        try Check.index(term.column, below: columnCount, of: "columns", "\(path).terms.column")
        try Check.finite(term.coefficient, "\(path).terms.coefficient")
      }
    }
  }

  /// Requires one entry per coefficient and finite statistics.
  func requireValidProfile(_ path: String) throws(ModelFileError.Problem) {
    guard let profile else { return }
    try Check.count(profile.entries.map { _ in 0 }, coefficients.count, "\(path).entries")
    for (index, entry) in profile.entries.enumerated() {
      try Check.finite(
        ["statistic": entry?.statistic, "p_value": entry?.pValue], "\(path).entries[\(index)]")
    }
    try Check.finite(profile.level, "\(path).level")
    for (index, test) in profile.tests.enumerated() {
      try Check.finite(
        ["statistic": test.statistic, "p_value": test.pValue], "\(path).tests[\(index)]")
    }
  }

  /// Requires the covariance to match the coefficients that have a standard error.
  private func requireValidUncertainty(_ path: String) throws(ModelFileError.Problem) {
    try Check.finite(uncertainty.unitCount, "\(path).uncertainty.units")
    for (index, test) in uncertainty.tests.enumerated() {
      let path = "\(path).uncertainty.tests[\(index)]"
      try Check.finite(["statistic": test.statistic, "p_value": test.pValue], path)
      try Check.notNegative(["degrees_of_freedom": test.degreesOfFreedom], path)
    }
    guard let covariance else { return }
    let count = coefficients.count { $0.standardError != nil }
    try Check.count(covariance, count * (count + 1) / 2, "\(path).covariance")
  }

  /// Requires a training record for networks, and none for other models.
  private func requireValidTraining(
    _ path: String, _ network: MultilayerPerceptron?
  ) throws(ModelFileError.Problem) {
    guard let network else {
      guard training == nil, validation == nil else {
        let key = training == nil ? "validation" : "training"
        throw .kind(path: "\(path).\(key)", expected: "null", found: "a record")
      }
      return
    }
    guard let training else {
      throw .kind(path: "\(path).training", expected: "a list", found: "null")
    }
    for (index, record) in training.enumerated() {
      try record.requireValid("\(path).training[\(index)]", network)
    }
    try Check.notNegative(["rows": validation?.rowCount], "\(path).validation")
  }
}

extension VoteRecord {
  /// Requires different names and, for each class, no numbers or a distribution with its errors.
  func requireValid(_ path: String, classCount: Int) throws(ModelFileError.Problem) {
    try Check.notNegative(["votes": voteCount], path)
    for count in [pseudoCounts.diagonal, pseudoCounts.offDiagonal] {
      guard count >= 0, count.isFinite else {
        throw .value(path: "\(path).pseudo_counts", found: "\(count)")
      }
    }
    try Check.count(classShares, classCount, "\(path).class_shares")
    try Check.distinctNames(annotators.map(\.name), "\(path).annotators.name")
    for (index, annotator) in annotators.enumerated() {
      let path = "\(path).annotators[\(index)]"
      try Check.notNegative(["votes": annotator.votes], path)
      try Check.finite(
        ["accuracy": annotator.accuracy, "accuracy_std_error": annotator.accuracyError], path)
      try Check.names(annotator.remarks, "\(path).remarks")
      guard annotator.confusion.count == classCount, annotator.errors.count == classCount else {
        throw .shape(
          path: "\(path).confusion", expected: "\(classCount) rows",
          found: annotator.confusion.count)
      }
      for (k, row) in annotator.confusion.enumerated() where !row.isEmpty {
        let path = "\(path).confusion[\(k)]"
        try Check.count(row, classCount, path)
        try Check.count(annotator.errors[k].map { $0 ?? 0 }, classCount, path)
        let total = row.reduce(0, +)
        guard row.allSatisfy({ $0 >= 0 }), (total - 1).magnitude < 1e-6 else {
          throw .value(path: path, found: "no distribution")
        }
      }
    }
  }
}

extension FitRecord.Specification {
  fileprivate func requireValid(
    _ path: String, classCount: Int
  ) throws(ModelFileError.Problem) {
    let names = [
      ("model", model), ("likelihood", likelihood), ("reading", reading),
      ("prior.name", prior.name),
    ]
    for (key, name) in names { try Check.name(name, "\(path).\(key)") }
    try Check.index(reference, below: classCount, of: "classes", "\(path).reference")
  }
}

extension FitDocument.Coefficient {
  /// Requires an estimate in the state `estimated` and in no other, and standard errors that are
  /// not negative. The name of the feature consists of names that are checked in the encoding.
  fileprivate func requireValid(
    _ path: @autoclosure () -> String, classCount: Int
  ) throws(ModelFileError.Problem) {
    try Check.index(classIndex, below: classCount, of: "classes", "\(path()).class")
    try Check.finite(estimate, "\(path()).estimate")
    try Check.finite(standardError, "\(path()).std_error")
    guard (estimate == nil) == (state != .estimated) else {
      throw .value(
        path: "\(path()).estimate",
        found: "\(estimate == nil ? "null" : "a number") in the state \(state.rawValue)")
    }
    if let standardError, standardError < 0 {
      throw .value(path: "\(path()).std_error", found: "\(standardError)")
    }
  }
}

extension TrainingRecord {
  fileprivate func requireValid(
    _ path: String, _ network: MultilayerPerceptron
  ) throws(ModelFileError.Problem) {
    guard self.network == network else {
      throw .value(path: "\(path).network", found: "another network than that of the model")
    }
    try options.requireValid("\(path).options")
    try history.requireValid("\(path).history")
    try Check.notNegative(["best_epoch": bestEpoch], path)
    try Check.notNegative(["rows": validation?.rowCount], "\(path).validation")
  }
}

extension TrainingOptions {
  fileprivate func requireValid(_ path: String) throws(ModelFileError.Problem) {
    try Check.notNegative(["epochs": epochs, "patience": patience], path)
    try Check.finite(
      ["learning_rate": learningRate, "clip": clipping, "decay": decay, "warm_up": warmUp], path)
    for (key, isRight) in [
      ("batch_size", batchSize >= 1), ("warm_up", warmUp >= 0), ("decay", decay >= 0),
    ] where !isRight {
      throw .value(path: "\(path).\(key)", found: "a number out of its range")
    }
  }
}

extension [EpochRecord] {
  /// Requires passes counted from 1 without gaps.
  func requireValid(_ path: String) throws(ModelFileError.Problem) {
    for (index, record) in enumerated() {
      let path = "\(path)[\(index)]"
      guard record.epoch == index + 1 else {
        throw .value(path: "\(path).epoch", found: "\(record.epoch)")
      }
      try Check.finite(
        ["value": record.value, "loss": record.loss, "rate": record.rate], path)
    }
  }
}
