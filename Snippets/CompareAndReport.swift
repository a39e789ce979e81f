// Compares two nested fits, and makes a page of one of them.
import Surprisal

var random = SplitMix64(seed: 3)
let rows = (0..<300).map { _ in (0..<2).map { _ in Double.random(in: -1...1, using: &random) } }
let labels = rows.map { row in
  Double.random(in: 0..<1, using: &random) < Softmax.logistic(2 * row[0]) ? "yes" : "no"
}
let data = try Dataset(features: rows, labels: .classes(labels))
let estimator = MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical())
let smaller = try estimator.fit(
  Dataset(features: rows.map { [$0[0]] }, labels: .classes(labels)))
let larger = try estimator.fit(data)

let comparison = ModelComparison(of: smaller, against: larger)
print(comparison.test(.likelihoodRatio)?.pValue ?? .nan, comparison.refusal(.score) ?? "")

let evaluation = try Evaluation(
  of: larger.classifier.probabilities(for: data.features), against: data.labels)
var content = ReportContent(
  title: "Faces", dataName: "test.csv", sourceName: "model.json",
  classNames: larger.classifier.classNames, evaluation: evaluation)
content.record = larger.record(errors: .automatic)
let report = try HTMLReport(content)
print("page of", report.figures.count, "figures:", report.html.hasPrefix("<!DOCTYPE html>"))
for figure in report.figures { print(figure.name, figure.svg().hasSuffix("</svg>\n")) }
