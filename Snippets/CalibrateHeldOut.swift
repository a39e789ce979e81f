// Fits class probabilities, then repairs them on rows that took no part in the fit.
import Surprisal

func calibrate(trainingFile: String, heldOutFile: String) throws {
  let data = try Dataset(contentsOf: trainingFile, labels: .probabilities(prefix: "p_"))
  let heldOut = try Dataset(contentsOf: heldOutFile, labels: .probabilities(prefix: "p_"))
  let classifier = try MaximumLikelihood(
    SoftmaxRegression(), likelihood: Categorical(), prior: .gaussian(precision: 1e-2)
  ).fit(data).classifier

  let logs = try classifier.logProbabilities(for: heldOut.features, offsets: nil, threads: .one)
  let fit = try CalibrationFit(.temperature, of: logs, to: heldOut.labels)
  let calibrated = try CalibratedClassifier(classifier, calibration: fit.record)

  print(CalibrationPrinter(fit.record, classNames: calibrated.classNames).text)
}

let arguments = CommandLine.arguments
if arguments.count == 3 {
  try calibrate(trainingFile: arguments[1], heldOutFile: arguments[2])
} else {
  print("usage: CalibrateHeldOut TRAINING.csv HELDOUT.csv   with label columns p_...")
}
