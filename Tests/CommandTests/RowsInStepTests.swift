import Foundation
import TestSupport
import Testing

/// Compares pairs of damaged files of data and predictions with an independent alignment of their
/// lines, for each command that scores predictions and for tables and sparse rows: rows that do not
/// belong together are never scored.
@Suite struct RowsInStepTests {
  @Test(arguments: 0..<20) func damagedPair(_ seed: UInt64) throws { try check(seed) }

  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled), arguments: 20..<220)
  func damagedPairs(_ seed: UInt64) throws { try check(seed) }

  private struct Line {
    var text: String
    var key: Int
    var value: Double?
  }

  private func check(_ seed: UInt64) throws {
    var random = Lehmer(state: seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493)
    let count = 5 + random.next(below: 25)
    let byKey = seed % 3 == 0
    let command = ["evaluate", "compare", "calibrate", "report"][Int(seed / 3 % 4)]
    let isSparse = seed % 5 > 2
    let isArray = !byKey && seed % 4 == 1
    var data: [Line] = []
    var predicted: [Line] = []
    for row in 0..<count {
      let isFirst = random.next(below: 2) == 0
      let share = Double(1 + random.next(below: 98)) / 100
      let line = isSparse ? sparseLine : dataLine
      data.append(line(row, isFirst ? (isSparse ? "0" : "a") : isSparse ? "1" : "b", &random))
      // Sparse rows have no keys but their numbers.
      let text = "\(isSparse ? "" : "k")\(isSparse ? row + 1 : row),\(share),\(1 - share)"
      predicted.append(predictionLine(row, text, isFirst ? share : 1 - share, &random))
    }
    if byKey { predicted.sort { ($0.key * 7919) % 104_729 % 31 < ($1.key * 7919) % 104_729 % 31 } }
    let isShort = random.next(below: 6) == 0
    if isShort { predicted.remove(at: random.next(below: predicted.count)) }
    let folder = try Workspace()
    let lines = (isSparse ? [] : ["id,x,y"]) + data.map(\.text)
    try folder.write(lines.joined(separator: "\n") + "\n", to: isSparse ? "d.libsvm" : "d.csv")
    if isArray {
      let numbers = EverydayFile.doubles(predicted.flatMap(cells))
      try folder.write(EverydayFile.npy("<f8", "(\(predicted.count), 2)", numbers), to: "p.npy")
    } else {
      let names = isSparse ? "row,p_0,p_1" : "id,p_a,p_b"
      try folder.write(
        ([names] + predicted.map(\.text)).joined(separator: "\n") + "\n", to: "p.csv")
    }
    let outcome = try Tool.run(arguments(command, isSparse, byKey, isArray), in: folder)
    if isShort, !byKey {
      #expect(outcome.status == 65 && outcome.errors.contains("rows.mismatch"), "\(outcome.errors)")
      return
    }
    let usable = Set(data.filter { $0.value != nil }.map(\.key))
    let losses = predicted.filter { usable.contains($0.key) }.compactMap(\.value).map { -log($0) }
    guard !losses.isEmpty else {
      #expect(outcome.status == 65 && outcome.errors.contains("data.norows"), "\(outcome.errors)")
      return
    }
    #expect(outcome.status == 0, "\(outcome.errors)")
    guard outcome.status == 0 else { return }
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any]
    #expect(json?["rows"] as? Int == losses.count)
    let scores: [String: Any]? =
      switch command {
      case "compare": (json?["predictions"] as? [[String: Any]])?.first
      case "calibrate": json?["before"] as? [String: Any]
      default: json
      }
    let found = try #require(scores?["cross_entropy"] as? Double)
    let expected = losses.reduce(0, +) / Double(losses.count)
    #expect(abs(found - expected) <= 1e-12 * max(1, expected))
  }

  /// The numbers of a row of an array, those of a damaged row in one of four ways.
  private func cells(_ line: Line) -> [Double] {
    guard line.value == nil else {
      return line.text.split(separator: ",").dropFirst().compactMap { Double($0) }
    }
    return [[.nan, 0.5], [0.9, 0.9], [-0.5, 1.5], [.infinity, 0]][line.key % 4]
  }

  private func arguments(
    _ command: String, _ isSparse: Bool, _ byKey: Bool, _ isArray: Bool
  ) -> [String] {
    [command] + (isSparse ? ["d.libsvm"] : ["d.csv", "--target", "y"])
      + ["--predictions", isArray ? "p.npy" : "p.csv", "--on-bad-row", "skip", "--json"]
      + (isArray ? ["--prediction-columns", "*"] : [])
      + (isArray && !isSparse ? ["--classes", "a,b"] : [])
      + (byKey ? ["--key", isSparse ? "row" : "id"] : [])
      + (command == "calibrate" ? ["--l2", "1"] : command == "report" ? ["-o", "r.html"] : [])
  }

  private func dataLine(_ row: Int, _ label: String, _ random: inout Lehmer) -> Line {
    let faults = ["1,\(label),more", "1", "1,", "1,\"\(label)\"x"].map { "k\(row),\($0)" }
    return line(row, "k\(row),\(row),\(label)", 1, or: faults, &random)
  }

  private func sparseLine(_ row: Int, _ label: String, _ random: inout Lehmer) -> Line {
    let faults = ["\(label) 2:1 1:3", "\(label) 1:word", "none 1:1", "\(label) 1:1e999"]
    return line(row, "\(label) 1:\(row)", 1, or: faults, &random)
  }

  private func predictionLine(
    _ row: Int, _ text: String, _ value: Double, _ random: inout Lehmer
  ) -> Line {
    let key = String(text.prefix { $0 != "," })
    let faults = [",,", ",0.9,0.9", ",word,0.5", ",-0.5,1.5"].map { key + $0 }
    return line(row, text, value, or: [text + ",1"] + faults, &random)
  }

  /// The line of a row, or in one draw of twelve for each of them a faulty one without a value.
  private func line(
    _ row: Int, _ text: String, _ value: Double, or faults: [String], _ random: inout Lehmer
  ) -> Line {
    let draw = random.next(below: 12)
    return draw < faults.count
      ? Line(text: faults[draw], key: row, value: nil) : Line(text: text, key: row, value: value)
  }
}

/// Numbers that are the same on every run.
private struct Lehmer {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
