import Foundation

/// Rows whose labels are not a linear function of their features, and a small network for them.
enum NetworkRun {
  /// A folder with `data.csv`.
  static func folder() throws -> Workspace {
    let folder = try Workspace()
    try folder.write(table(), to: "data.csv")
    return folder
  }

  /// The rows as text; `change` may edit the cells of each.
  static func table(rows: Int = 90, _ change: (Int, inout [Double]) -> Void = { _, _ in }) -> String
  {
    let lines = (0..<rows).map { (row: Int) -> String in
      let (x, y) = (Double(row * 37 % 41) / 20 - 1, Double(row * 17 % 23) / 11 - 1)
      let p = 0.1 + (x * y > 0 ? 0.75 : 0.05)
      var cells = [x, y, p, 1 - p]
      change(row, &cells)
      return cells.map { "\($0)" }.joined(separator: ",")
    }
    return (["x,y,p_a,p_b"] + lines).joined(separator: "\n") + "\n"
  }

  static let common = [
    "fit", "data.csv", "--probs", "p_*", "--model", "mlp", "--hidden", "8,4", "--epochs", "6",
    "--batch-size", "16", "--learning-rate", "0.01", "--dropout", "0.1", "--validation", "0.2",
  ]
}
