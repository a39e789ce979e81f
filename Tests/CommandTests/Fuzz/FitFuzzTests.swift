import Foundation
import Surprisal
import TestSupport
import Testing

/// A table of whole numbers, and the transformation of its columns for the tool.
struct FuzzedTable: CustomStringConvertible {
  let rows: [[Int]]
  let labels: [Int]
  let classes: Int
  let strength: Double
  /// x becomes `scale (x + shift)`; the scale is a power of two, so nothing is rounded.
  let maps: [(scale: Double, shift: Double)]

  init(_ numbers: inout TestNumbers) {
    let columns = Int.random(in: 1...2, using: &numbers)
    let count = Int.random(in: 4...16, using: &numbers)
    let classes = [2, 2, 3].randomElement(using: &numbers) ?? 2
    let reach = [1, 3, 20, 1000].randomElement(using: &numbers) ?? 1
    rows = (0..<count).map { _ in
      (0..<columns).map { _ in Int.random(in: -reach...reach, using: &numbers) }
    }
    labels = (0..<count).map { row in
      row < classes ? row : Int.random(in: 0..<classes, using: &numbers)
    }
    let isFlat = classes == 2 && Bool.random(using: &numbers)
    let strengths: [Double] = isFlat ? [0] : [0.0001, 0.01, 0.3, 4]
    let scales: [Double] = [1, -1, 1024, 0x1p-20, 0x1p60]
    let shifts: [Double] = [0, 0, 5, -1000, 1_000_000]
    maps = (0..<columns).map { _ in
      guard isFlat else { return (1, 0) }
      return (
        scales.randomElement(using: &numbers) ?? 1, shifts.randomElement(using: &numbers) ?? 0
      )
    }
    strength = strengths.randomElement(using: &numbers) ?? 0
    self.classes = classes
  }

  var description: String { "--l2 \(strength)\n\(text)" }

  var text: String {
    let head = (1...maps.count).map { "x\($0)," }.joined() + "class\n"
    return head
      + zip(rows, labels).map { row, label in
        zip(row, maps).map { "\($1.scale * (Double($0) + $1.shift))," }.joined() + "k\(label)\n"
      }.joined()
  }

  /// The contrasts of the original columns, from those that the tool found.
  func contrasts(_ found: [Double]) -> [WideNumber] {
    let width = maps.count + 1
    return (0..<found.count / width).flatMap { unit -> [WideNumber] in
      var contrasts = [WideNumber(found[unit * width])]
      for (index, map) in maps.enumerated() {
        let slope = WideNumber(found[unit * width + index + 1] * map.scale)
        contrasts[0] += slope * WideNumber(map.shift)
        contrasts.append(slope)
      }
      return contrasts
    }
  }
}

/// Small tables fitted by the tool and checked independently: the separation of classes is
/// determined from whole numbers, and the optimum by Newton's method with 57 digits, on the table
/// before its columns were transformed.
@Suite("Fuzzed fits") struct FitFuzzTests {
  @Test func judged() throws {
    let folder = try Workspace()
    try Fuzz("fit", inputs: 160).run { numbers -> FuzzedTable in
      FuzzedTable(&numbers)
    } check: { table in
      try folder.write(table.text, to: "data.csv")
      let prior = table.strength > 0 ? ["--l2", "\(table.strength)"] : []
      let outcome = try Tool.run(
        ["fit", "data.csv", "--target", "class", "--json"] + prior, in: folder, limit: 5)
      guard outcome.status == 0 else { return "status \(outcome.status): \(outcome.errors)" }
      return Self.fault(try JSONParser().parse(outcome.text), table)
    }
  }

  /// Checks the verdict, then the distance from the minimum, the coefficients and their errors.
  private static func fault(_ record: JSONValue, _ table: FuzzedTable) -> String? {
    let judge = PlainSoftmax(table)
    if table.strength == 0 {
      guard let isSeparated = judge.isSeparated else { return nil }
      let existence = record["existence"]?.stringValue
      if existence == "undecided" { return nil }
      if isSeparated != (existence == "none") {
        return "separated: \(isSeparated), existence: \(existence ?? "nil")"
      }
      if isSeparated { return nil }
    }
    guard let least = judge.minimum() else { return "the judge found no minimum" }
    guard let objective = record["objective"]?.doubleValue,
      let coefficients = record["coefficients"]?.arrayValue
    else { return "no objective" }
    let estimates = coefficients.compactMap { $0["estimate"]?.doubleValue }
    let point = judge.point(ofContrasts: table.contrasts(estimates))
    guard estimates.count == coefficients.count, point.count == least.count else {
      return "\(estimates.count) estimates"
    }
    let minimum = judge.value(least)
    let distance = (judge.value(point) - minimum).double
    let isWarned = record["warnings"]?.arrayValue?.isEmpty == false
    guard record["converged"]?.boolValue == true else {
      return isWarned ? nil : "it did not converge, and there is no warning"
    }
    // A fit whose start is the minimum makes no step that would measure the distance.
    guard let claimed = record["gap_estimate"]?.doubleValue else {
      return record["iterations"]?.integerValue == 0 ? nil : "no distance"
    }
    // The bound refers to the state of the solver, while the printed values are rounded.
    if distance > 10 * claimed + judge.rounding(point) + printed(estimates, table) {
      return "distance \(distance), claimed \(claimed)"
    }
    if (objective - minimum.double).magnitude > 2 * distance + 1e-13 * max(1, minimum.double) {
      return "objective \(objective), minimum \(minimum.double)"
    }
    return isWarned ? nil : errorFault(coefficients, point, least, judge, table)
  }

  /// The effect of rounding the printed coefficients on the objective: columns far from zero have
  /// an intercept that is much larger than the logits.
  private static func printed(_ estimates: [Double], _ table: FuzzedTable) -> Double {
    let width = table.maps.count + 1
    return estimates.indices.reduce(0.0) { sum, index in
      guard index % width > 0 else { return sum + square(estimates[index] * 0x1p-50) }
      let map = table.maps[index % width - 1]
      return sum + square(estimates[index] * map.scale * map.shift * 0x1p-50)
    }
  }

  private static func square(_ x: Double) -> Double { x * x }

  private static func errorFault(
    _ coefficients: [JSONValue], _ point: [WideNumber], _ least: [WideNumber],
    _ judge: PlainSoftmax, _ table: FuzzedTable
  ) -> String? {
    let errors = judge.standardErrors(least)
    let width = table.maps.count + 1
    for (index, error) in errors.enumerated() where index % width > 0 {
      let scale = table.maps[index % width - 1].scale.magnitude
      guard let own = coefficients[index]["std_error"]?.doubleValue else {
        return "no standard error \(index)"
      }
      if relativeDistance(own * scale, error) > 1e-6 {
        return "standard error \(own * scale), judge \(error)"
      }
    }
    let distances = zip(point, least).map { ($0 - $1).double.magnitude }
    for index in errors.indices where index % width > 0 {
      let place = index + point.count - errors.count
      if distances[place] > 1e-5 * errors[index] {
        return "coefficient \(index) is off by \(distances[place] / errors[index]) errors"
      }
    }
    return nil
  }
}
