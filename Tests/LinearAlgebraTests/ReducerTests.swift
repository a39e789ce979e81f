import SurprisalLinearAlgebra
import TestSupport
import Testing

/// Sums over row blocks have one order for any workers.
@Suite struct ReducerTests {
  /// The order in which blocks were added, as text: "((0 1) (2 3))".
  private struct Trace: PartialSum {
    var text = ""
    private var numbers: [Double] = []

    mutating func append(_ block: Int) {
      text += text.isEmpty ? "\(block)" : " \(block)"
      numbers.append(Double(block))
    }

    mutating func add(_ other: Trace) {
      text = "(\(text)+\(other.text))"
      numbers += other.numbers
    }

    func appendNumbers(to result: inout [Double]) { result += numbers }

    mutating func takeNumbers(from source: inout ArraySlice<Double>) {
      numbers = Array(source.prefix(numbers.count))
      source.removeFirst(numbers.count)
    }
  }

  private func trace(_ reducer: any Reducer, _ blockCount: Int) -> String {
    reducer.reduce(SummationTree(blockCount: blockCount), from: Trace()) { sum, blocks in
      // Early leaves take the longest time.
      let idle = (0..<(blockCount - blocks.lowerBound) * 500).reduce(0) { $0 ^ $1 }
      if idle >= 0 { for block in blocks { sum.append(block) } }
    }.text
  }

  private static let threads = [1, 2, 3, 8]

  @Test func fewBlocksMakeKnownTrees() {
    #expect(trace(ThreadCount.one, 0) == "")
    #expect(trace(ThreadCount.one, 1) == "0")
    #expect(trace(ThreadCount.one, 3) == "(0+1 2)")
    #expect(trace(ThreadCount.one, 4) == "((0+1)+(2+3))")
    #expect(trace(ThreadCount.one, 9) == "(((0+1)+(2+3))+((4+5)+(6+7 8)))")
  }

  @Test(arguments: threads, [0, 1, 2, 7, 8, 100, 300, 1100])
  func threadsAddInTheOrderOfTheTree(threads: Int, blocks: Int) {
    #expect(trace(ThreadCount(threads), blocks) == trace(ThreadCount.one, blocks))
  }

  @Test(arguments: [0, 1, 2, 7, 8, 9, 255, 256, 1023, 1024, 5209, 1_000_000])
  func leavesCoverAllBlocksOnce(blocks: Int) {
    let tree = SummationTree(blockCount: blocks)
    let covered = (0..<tree.leafCount).map { tree.blocks(ofLeaf: $0) }
    #expect(covered.map(\.count).reduce(0, +) == blocks)
    #expect(zip(covered, covered.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    let sizes = covered.map(\.count)
    if let most = sizes.max(), let least = sizes.min() { #expect(most - least <= 1) }
    #expect(tree.leafCount <= 32)
    #expect(tree.leafCount == (blocks == 0 ? 0 : 1 << tree.height))
  }

  /// Numbers whose sum depends on the order, for sums of one number and of many.
  @Test(arguments: threads, [1, 3, 50_000])
  func bitsDoNotDependOnWhoAdds(threads: Int, size: Int) {
    let blocks = 300
    func sum(_ reducer: any Reducer) -> [Double] {
      reducer.reduce(
        SummationTree(blockCount: blocks), from: [Double](repeating: 0, count: size)
      ) { sum, blocks in
        for block in blocks {
          for index in sum.indices { sum[index] += 1 / Double(block * 3 + index % 13 + 1) }
        }
      }
    }
    let expected = sum(ThreadCount.one)
    #expect(sum(ThreadCount(threads)) == expected)
    #expect(sum(ScatteredReducer(workers: threads, seed: 5)) == expected)
    var inRow = 0.0
    for block in 0..<blocks { inRow += 1 / Double(block * 3 + 1) }
    #expect(expected[0] != inRow)
  }

  @Test(arguments: threads, [0, 1, 5, 40])
  func mapsKeepTheOrder(threads: Int, count: Int) {
    let squares = (0..<count).map { $0 * $0 }
    let reducers: [any Reducer] = [
      ThreadCount(threads), ScatteredReducer(workers: threads, seed: 9),
    ]
    for reducer in reducers {
      let found = reducer.map(count: count) { $0 * $0 }
      #expect(found == squares)
    }
  }

  @Test func sumsOfNothingAreZero() {
    let tree = SummationTree(rowCount: 0)
    let reducers: [any Reducer] = [ThreadCount(3), ScatteredReducer(workers: 2, seed: 1)]
    for reducer in reducers {
      let sum = reducer.reduce(tree, from: [0.5, 0]) { sum, _ in sum[0] = 1 }
      #expect(sum == [0.5, 0])
    }
    let sums = [0, 1000].map { count in SummationTree.sum(ofRows: count) { _ in 1 } }
    #expect(sums == [0, 1000])
  }

  /// Written sums are read back, for every kind of sum.
  @Test(arguments: [MatrixStorage.double, .sparse])
  func numbersSurviveTheirJourney(storage: MatrixStorage) {
    var weights = ArrangedWeights(
      (0..<15).map { 1 / Double($0 + 3) }, unitCount: 3, columnCount: 5, for: storage)
    var matrix = SymmetricMatrix(dimension: 2)
    matrix[1, 0] = 0.1
    var numbers: [Double] = []
    weights.appendNumbers(to: &numbers)
    matrix.appendNumbers(to: &numbers)
    0.3.appendNumbers(to: &numbers)
    var rest = numbers[...]
    var found = ArrangedWeights(unitCount: 3, columnCount: 5, for: storage)
    found.takeNumbers(from: &rest)
    var (gram, last) = (SymmetricMatrix(dimension: 2), 0.0)
    gram.takeNumbers(from: &rest)
    last.takeNumbers(from: &rest)
    #expect(rest.isEmpty && gram.elements == matrix.elements && last == 0.3)
    var (expected, sums) = ([Double](repeating: 0, count: 15), [Double](repeating: 0, count: 15))
    weights.add(to: &expected)
    found.add(to: &sums)
    #expect(sums == expected)
    weights.add(found)
    found.add(to: &sums)
    weights.add(-1, to: &sums)
    #expect(sums == [Double](repeating: 0, count: 15))
  }
}
