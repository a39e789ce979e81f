// Fits, saves, loads and predicts as a specification in JSON says.
import Surprisal

let specification = try Specification(json: #"{"prior": {"l2": 0.01}, "reference": "no"}"#)
let data = try Dataset(
  features: [[0.1, 2], [0.4, 1], [0.9, 1], [1.3, 0], [1.1, 2], [0.2, 0]],
  labels: .probabilities([[0.9, 0.1], [0.7, 0.3], [0.4, 0.6], [0, 1], [0.2, 0.8], [1, 0]]),
  classNames: ["no", "yes"])
let model = try specification.fit(data)
let path = CommandLine.arguments.dropFirst().first ?? "model.json"
try model.write(to: path)
let loaded = try FittedModel(contentsOf: path)
print(try loaded.probabilities(of: [0.5, 1]))
print(loaded.summary())
