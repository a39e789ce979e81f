import Foundation
import TestSupport
import Testing

/// Compares pairs of damaged files of data and predictions with an independent alignment of their
/// lines: rows that do not belong together are never scored.
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
    var data: [Line] = []
    var predicted: [Line] = []
    for row in 0..<count {
      let isFirst = random.next(below: 2) == 0
      let share = Double(1 + random.next(below: 98)) / 100
      data.append(dataLine(row, isFirst ? "a" : "b", &random))
      let text = "k\(row),\(share),\(1 - share)"
      predicted.append(predictionLine(row, text, isFirst ? share : 1 - share, &random))
    }
    if byKey { predicted.sort { ($0.key * 7919) % 104_729 % 31 < ($1.key * 7919) % 104_729 % 31 } }
    let isShort = random.next(below: 6) == 0
    if isShort { predicted.remove(at: random.next(below: predicted.count)) }
    let folder = try Workspace()
    try folder.write(
      (["id,x,y"] + data.map(\.text)).joined(separator: "\n") + "\n", to: "d.csv")
    try folder.write(
      (["id,p_a,p_b"] + predicted.map(\.text)).joined(separator: "\n") + "\n", to: "p.csv")
    let outcome = try Tool.run(
      [
        "evaluate", "d.csv", "--target", "y", "--predictions", "p.csv", "--on-bad-row", "skip",
        "--json",
      ]
        + (byKey ? ["--key", "id"] : []), in: folder)
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
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any]
    #expect(json?["rows"] as? Int == losses.count)
    let found = try #require(json?["cross_entropy"] as? Double)
    let expected = losses.reduce(0, +) / Double(losses.count)
    #expect(abs(found - expected) <= 1e-12 * max(1, expected))
  }

  private func dataLine(_ row: Int, _ label: String, _ random: inout Lehmer) -> Line {
    switch random.next(below: 12) {
    case 0: Line(text: "k\(row),1,\(label),more", key: row, value: nil)
    case 1: Line(text: "k\(row),1", key: row, value: nil)
    case 2: Line(text: "k\(row),1,", key: row, value: nil)
    case 3: Line(text: "k\(row),1,\"\(label)\"x", key: row, value: nil)
    default: Line(text: "k\(row),\(row),\(label)", key: row, value: 1)
    }
  }

  private func predictionLine(
    _ row: Int, _ text: String, _ value: Double, _ random: inout Lehmer
  ) -> Line {
    switch random.next(below: 12) {
    case 0: Line(text: text + ",1", key: row, value: nil)
    case 1: Line(text: "k\(row),,", key: row, value: nil)
    case 2: Line(text: "k\(row),0.9,0.9", key: row, value: nil)
    case 3: Line(text: "k\(row),word,0.5", key: row, value: nil)
    case 4: Line(text: "k\(row),-0.5,1.5", key: row, value: nil)
    default: Line(text: text, key: row, value: value)
    }
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
