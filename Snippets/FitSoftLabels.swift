// Fits class probabilities to soft labels and scores the fit on other data.
import Surprisal

func fitAndScore(trainingFile: String, testFile: String) throws {
  let data = try Dataset(contentsOf: trainingFile, labels: .probabilities(prefix: "p_"))
  let test = try Dataset(contentsOf: testFile, labels: .probabilities(prefix: "p_"))
  let estimator = MaximumLikelihood(
    SoftmaxRegression(), likelihood: Categorical(), prior: .gaussian(precision: 1e-2))
  let fit = try estimator.fit(data)
  print(fit.summary())
  let report = try Evaluation(of: try fit.probabilities(for: test.features), against: test.labels)
  print(report.crossEntropy, report.labelEntropy, report.klDivergence)
}

let arguments = CommandLine.arguments
if arguments.count == 3 {
  try fitAndScore(trainingFile: arguments[1], testFile: arguments[2])
} else {
  print("usage: FitSoftLabels TRAINING.csv TEST.csv   with label columns p_...")
}
