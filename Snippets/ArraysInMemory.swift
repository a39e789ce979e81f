// Fits arrays by a specification in JSON, saves the model and reads it again.
import Foundation
import Surprisal

let data = try Dataset(
  features: [[0.1, 2], [0.4, 1], [0.9, 1], [1.3, 0], [1.1, 2], [0.2, 0]],
  featureNames: ["dose", "age"],
  labels: .probabilities([[0.9, 0.1], [0.7, 0.3], [0.4, 0.6], [0, 1], [0.2, 0.8], [1, 0]]),
  classNames: ["no", "yes"])
let specification = try Specification(json: #"{"prior": {"l2": 0.01}, "reference": "no"}"#)
let model = try specification.fit(data)

let path = NSTemporaryDirectory() + "arrays-in-memory.json"
try model.write(to: path)
let loaded = try FittedModel(contentsOf: path)
print(loaded.parameters.coefficients.map { "\($0.feature) \($0.estimate ?? .nan)" })
