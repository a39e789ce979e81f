import RealModule
import SurprisalLinearAlgebra
import TestSupport
import Testing

private let all = KernelSet.available
private let grid = KernelCase.grid.filter { $0.features == 1 }

@Suite struct SoftmaxKernelTests {
  @Test(arguments: all, grid)
  func softmaxAgrees(set: KernelSet, size: KernelCase) throws {
    try expectAgreement(set, within: 1e-14) {
      let found = softmax($0, size)
      return [found.tile, found.logSumExp]
    }
    let found = softmax(set, size)
    var alone = [Double](repeating: 0, count: size.stride)
    let logits = size.tile(units: size.units, seed: 11, scale: 30)
    set.table.pointee.log_sum_exp(size.stride, size.units, logits, size.stride, &alone)
    #expect(sameBits(alone, found.logSumExp))
  }

  @Test(arguments: all, grid)
  func scoresAgree(set: KernelSet, size: KernelCase) throws {
    try expectAgreement(set, within: 1e-12) {
      let found = score($0, size)
      return [found.tile, found.values]
    }
  }

  @Test(arguments: all, grid)
  func curvatureAgrees(set: KernelSet, size: KernelCase) throws {
    try expectAgreement(set, within: 1e-14) { [curvature($0, size)] }
  }

  /// A class index, its one-hot shares and one vote for it give the same bits.
  @Test(arguments: all, grid)
  func hardLabelsHaveTheBitsOfOneHotShares(set: KernelSet, size: KernelCase) {
    let classes = (0..<size.stride).map { $0 < size.rows ? Int32($0 * 7 % size.units) : -1 }
    var oneHot = [Double](repeating: 0, count: size.units * size.stride)
    for row in 0..<size.rows { oneHot[Int(classes[row]) * size.stride + row] = 1 }
    let weights = KernelCase.numbers(size.stride, seed: 12)
    let ones = [Double](repeating: 1, count: size.stride)
    let logits = size.tile(units: size.units, seed: 13, scale: 50)
    let empty = [Double](repeating: 0, count: size.stride)
    var hard = logits
    var soft = logits
    var votes = logits
    var hardValues = empty
    var softValues = empty
    var voteValues = empty
    let table = set.table.pointee
    table.class_score(
      size.stride, size.units, classes, weights, &hard, size.stride, &hardValues)
    table.cross_entropy_score(
      size.stride, size.units, oneHot, size.stride, nil, weights, &soft, size.stride, &softValues)
    table.cross_entropy_score(
      size.stride, size.units, oneHot, size.stride, ones, weights, &votes, size.stride,
      &voteValues)
    #expect(sameBits(hard, soft) && sameBits(hard, votes))
    #expect(sameBits(Array(hardValues[..<size.rows]), Array(softValues[..<size.rows])))
    #expect(
      sameBits(
        softValues.enumerated().map { $0 < size.rows ? $1 : 0 },
        voteValues.enumerated().map { $0 < size.rows ? $1 : 0 }))
  }

  @Test(arguments: all)
  func infiniteLogitsMeetZeroShares(set: KernelSet) {
    // Columns: p = 0 at -infinity; p > 0 at -infinity; two classes remaining; finite but far apart.
    let infinity = Double.infinity
    var z = tile([
      [-infinity, 0, 0], [-infinity, 0, 0], [-infinity, 1, 1], [1e4, -1e4, -1e4],
      [1e4, 1e4, 1e4], [-1e4, -1e4, -1e4], [0, -1e4, 0], [0, 0, 0],
    ])
    let p = tile([
      [0, 1, 0], [0.5, 0.5, 0], [0, 0.5, 0.5], [1, 0, 0],
      [0.2, 0.3, 0.5], [0.2, 0.3, 0.5], [0, 1, 0], [0, 0, 0],
    ])
    var values = [Double](repeating: 9, count: 8)
    set.table.pointee.cross_entropy_score(8, 3, p, 8, nil, nil, &z, 8, &values)
    let log2 = Double.log(2)
    let log3 = Double.log(3)
    let expected = [-log2, -infinity, -log2, 0, -log3, -log3, -1e4 - log2, -log3]
    #expect(largestError(values, expected) < 1e-15)
    #expect(z[0] == 0 && z[8] == 0.5 && z[16] == -0.5)
    let even: [Double] = [0.2, 0.3, 0.5].map { $0 - 1.0 / 3 }
    #expect(largestError(column(4, of: z), even) < 1e-15)
  }

  @Test(arguments: all)
  func logSumExpAtItsEnds(set: KernelSet) {
    let infinity = Double.infinity
    let z = tile([
      [1e4, 1e4, 1e4], [-1e4, -1e4, -1e4], [-infinity, -infinity, -infinity], [infinity, 0, 0],
      [0, 0, -infinity], [1e308, -1e308, 0], [.nan, 0, 0], [3, 3, 3],
    ])
    var found = [Double](repeating: 0, count: 8)
    set.table.pointee.log_sum_exp(8, 3, z, 8, &found)
    let log3 = Double.log(3)
    let expected = [
      1e4 + log3, -1e4 + log3, -infinity, infinity, Double.log(2), 1e308, .nan, 3 + log3,
    ]
    #expect(largestError(found, expected) < 1e-15)
    var probabilities = z
    set.table.pointee.softmax(8, 3, &probabilities, 8, &found)
    let third: [Double] = [1.0 / 3, 1.0 / 3, 1.0 / 3]
    let half: [Double] = [0.5, 0.5, 0]
    let sure: [Double] = [1, 0, 0]
    #expect(column(0, of: probabilities) == third)
    #expect(column(4, of: probabilities) == half)
    #expect(column(5, of: probabilities) == sure)
  }

  /// Eight columns of three units as a tile.
  private func tile(_ columns: [[Double]]) -> [Double] {
    (0..<3).flatMap { unit in columns.map { $0[unit] } }
  }

  private func column(_ index: Int, of tile: [Double]) -> [Double] {
    [tile[index], tile[8 + index], tile[16 + index]]
  }

  private func softmax(
    _ set: KernelSet, _ size: KernelCase
  ) -> (tile: [Double], logSumExp: [Double]) {
    var z = size.tile(units: size.units, seed: 11, scale: 30)
    var result = [Double](repeating: 0, count: size.stride)
    set.table.pointee.softmax(size.stride, size.units, &z, size.stride, &result)
    return (z, result)
  }

  private func score(_ set: KernelSet, _ size: KernelCase) -> (tile: [Double], values: [Double]) {
    var z = size.tile(units: size.units, seed: 14, scale: 30)
    let shares = size.shares(seed: 15).map { $0 * 3 }
    let totals = [Double](repeating: 3, count: size.stride)
    let weights = KernelCase.numbers(size.stride, seed: 16)
    var values = [Double](repeating: 0, count: size.stride)
    set.table.pointee.cross_entropy_score(
      size.stride, size.units, shares, size.stride, totals, weights, &z, size.stride, &values)
    return (z, values)
  }

  private func curvature(_ set: KernelSet, _ size: KernelCase) -> [Double] {
    var t = size.tile(units: size.units, seed: 17)
    let weights = KernelCase.numbers(size.stride, seed: 18)
    set.table.pointee.softmax_curvature(
      size.stride, size.units, size.shares(seed: 19), size.stride, weights, &t, size.stride)
    return t
  }
}
