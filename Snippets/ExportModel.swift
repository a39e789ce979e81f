// Writes a model for programs that do not have this library.
import Foundation
import Surprisal

let model = try Specification(prior: .l2(0.01)).fit(
  Dataset(
    features: [[0.1], [0.4], [0.9], [1.3]], featureNames: ["dose"],
    labels: .classes(["no", "yes", "no", "yes"])))
let folder = NSTemporaryDirectory()
for format in ExportFormat.allCases {
  let bytes = try model.exported(to: format, name: "dose")
  try Data(bytes).write(to: URL(fileURLWithPath: folder + "dose." + format.fileExtension))
  print("dose.\(format.fileExtension)", bytes.isEmpty ? "is empty" : "is written")
}
