import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@Suite struct StandardizationTests {
  static func standardization(
    _ column: [Double], weights: [Double]? = nil, centering: Bool = true
  ) -> Standardization {
    Standardization(
      of: BlockedMatrix(columns: [column], rowCount: column.count),
      weights: weights ?? [Double](repeating: 1, count: column.count), centering: centering,
      threads: .one)
  }

  /// 0, 1, ..., n-1 shifted and scaled: mean (n-1)/2, variance (n² - 1)/12.
  @Test(
    arguments: [1, 3, 192, 193, 1000],
    [(0.0, 1.0), (1e9, 1.0), (-1e15, 1.0), (0.0, 1e-300), (0.0, 1e300), (3e7, 0.5)])
  func momentsOfAnArithmeticSequence(_ half: Int, _ map: (offset: Double, scale: Double)) {
    let count = 2 * half + 1
    let column = (0..<count).map { map.offset + map.scale * Double($0) }
    let found = Self.standardization(column)
    let mean = map.offset + map.scale * Double(half)
    let variance = (Double(count) * Double(count) - 1) / 12
    #expect(relativeDistance(found.centers[0], mean) < 1e-15)
    #expect(relativeDistance(found.scales[0], variance.squareRoot() * map.scale) < 1e-9)
    if map.offset.magnitude < 1e10 {
      #expect(relativeDistance(found.scales[0], variance.squareRoot() * map.scale) < 1e-13)
    }
  }

  /// Integer weights are equivalent to repetitions.
  @Test func weightsAreRepetitions() {
    let found = Self.standardization([1, 5, 6, 11], weights: [3, 0, 2, 1])
    let expected = Self.standardization([1, 1, 1, 6, 6, 11])
    #expect(relativeDistance(found.centers[0], expected.centers[0]) < 1e-15)
    #expect(relativeDistance(found.scales[0], expected.scales[0]) < 1e-15)
    // 26/6 and sqrt(196/6 - (26/6)²), exactly.
    #expect(relativeDistance(found.centers[0], 26.0 / 6) < 1e-15)
    #expect(relativeDistance(found.scales[0], (500.0 / 36).squareRoot()) < 1e-15)
  }

  @Test func withoutCentringTheScaleIsTheRootMeanSquare() {
    let found = Self.standardization([3, -4, 0, 5], centering: false)
    #expect(found.centers == [0])
    #expect(relativeDistance(found.scales[0], 12.5.squareRoot()) < 1e-15)
    let constant = Self.standardization([7, 7], centering: false)
    #expect(constant == Standardization(centers: [0], scales: [1]))
  }

  /// One scale for all: the root of the mean variance of the columns that are not constant, 26/3
  /// and 2/3 here.
  @Test(arguments: [1.0, 1e300, 1e-300], [MatrixStorage.double, .sparse])
  func aCommonScale(_ unit: Double, _ storage: MatrixStorage) {
    let columns = [[1.0, 2, 8], [5, 5, 5], [0, 1, 2]].map { $0.map { $0 * unit } }
    let matrix = BlockedMatrix(columns: columns, rowCount: 3).stored(as: storage)
    let found = Standardization(
      of: matrix, weights: [1, 1, 1], centering: true, scale: .common, threads: .one)
    let mean = (86.0 / 9 + 2.0 / 3) / 2
    for scale in found.scales {
      #expect(relativeDistance(scale, mean.squareRoot() * unit) < 1e-14)
    }
    let constant = BlockedMatrix(columns: [[3, 3]], rowCount: 2)
    #expect(
      Standardization(
        of: constant, weights: [1, 1], centering: true, scale: .common, threads: .one
      ).scales == [1])
  }

  /// A constant column of any size becomes exactly zero.
  @Test(arguments: [0, 0.1, -1e308, Double.leastNonzeroMagnitude])
  func aConstantColumnBecomesZero(_ value: Double) {
    let column = [Double](repeating: value, count: 300)
    let found = Self.standardization(column)
    #expect(found == Standardization(centers: [value], scales: [1]))
    var matrix = BlockedMatrix(columns: [column], rowCount: 300)
    found.apply(to: &matrix)
    #expect(matrix.column(0).allSatisfy { $0 == 0 })
  }

  @Test(arguments: [1e-300, 1e-160, 1, 1e160, 1e300])
  func applyingGivesMeanZeroAndVarianceOne(_ unit: Double) {
    var numbers = TestNumbers(seed: 3)
    let column = numbers.uniform(500, in: -1...2).map { $0 * unit }
    var matrix = BlockedMatrix(columns: [column], rowCount: 500)
    Self.standardization(column).apply(to: &matrix)
    let result = matrix.column(0)
    #expect((result.reduce(0, +) / 500).magnitude < 1e-14)
    #expect((result.dot(result) / 500 - 1).magnitude < 1e-13)
    Standardization.identity(columnCount: 1).apply(to: &matrix)
    #expect(matrix.column(0) == result)
  }

  @Test func threadsChangeNoBit() {
    var numbers = TestNumbers(seed: 4)
    let matrix = BlockedMatrix(
      columns: (0..<9).map { _ in numbers.uniform(700, in: -1...1) }, rowCount: 700)
    let weights = numbers.uniform(700, in: 0...2)
    let found = [1, 2, 3, 7].map {
      Standardization(of: matrix, weights: weights, centering: true, threads: ThreadCount($0))
    }
    #expect(found.allSatisfy { $0 == found[0] })
    #expect(found[0].selecting([8, 2]).centers == [found[0].centers[8], found[0].centers[2]])
  }
}
