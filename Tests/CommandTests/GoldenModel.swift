import Foundation

/// A model file written by the tool itself, once for all tests.
enum GoldenModel {
  /// The text of a model with the feature x and the classes a and b; empty if the tool failed,
  /// which every test that uses it then detects.
  static let text: String = {
    guard let folder = try? Workspace(),
      (try? folder.write("x,class\n1,a\n2,b\n3,a\n4,b\n", to: "data.csv")) != nil
    else { return "" }
    let arguments = ["fit", "data.csv", "--target", "class", "--l2", "0.01", "-o", "m.json"]
    _ = try? Tool.run(arguments, in: folder)
    return (try? String(decoding: folder.read("m.json"), as: UTF8.self)) ?? ""
  }()
}
