// Predicts one row at a time, of numbers and of columns with text.
import Surprisal

let numbers = try Specification(prior: .l2(0.01)).fit(
  Dataset(
    features: [[0.1], [0.4], [0.9], [1.3]], labels: .classes(["no", "yes", "no", "yes"])))
print(try numbers.probabilities(of: [0.5]).map { ($0 * 1000).rounded() / 1000 })

let columns = try [
  Column(name: "dose", numbers: Column.Numbers([0.1, 0.4, 0.9, 1.3])),
  Column(name: "color", levels: ["red", "blue"], codes: [0, 1, 0, 1]),
]
let features = try Features(
  learning: columns, rowCount: 4, options: FeatureEncoding.Options())
let texts = try Specification(prior: .l2(0.1)).fit(
  Dataset(
    features: features, labels: .classes(ClassIndices([0, 1, 0, 1], classCount: 2)),
    classNames: ["no", "yes"]))
let row = try Columns(
  [
    Column(name: "color", levels: ["blue"], codes: [0]),
    Column(name: "dose", numbers: Column.Numbers([0.5])),
  ], rowCount: 1)
let probabilities = try texts.classifier.predict(
  .probabilities, from: row, offsets: nil, threads: .one)
print(probabilities.row(0).map { ($0 * 1000).rounded() / 1000 })
