import RealModule
import SurprisalLinearAlgebra
import TestSupport
import Testing

/// Compares exp and log of every kernel set with the math library, which is accurate to about half
/// a unit in the last place.
@Suite struct ElementaryKernelTests {
  private static let count = heavyTestsEnabled ? 400_003 : 4_003

  @Test(arguments: KernelSet.available, [1e-5, 0.5, 40, 708, 745])
  func expIsRight(set: KernelSet, range: Double) {
    let x = KernelCase.numbers(Self.count, seed: 20, scale: range).map { Swift.min($0, 709.7) }
    var y = [Double](repeating: 0, count: x.count)
    set.table.pointee.exp(x.count, x, &y)
    #expect(worstUnits(y, x.map { Double.exp($0) }) < 1.7)
  }

  @Test(arguments: KernelSet.available, [1e-3, 1, 700, 744])
  func logIsRight(set: KernelSet, range: Double) {
    let x = KernelCase.numbers(Self.count, seed: 21, scale: range).map {
      Swift.max(Double.exp($0), 0x1p-1074)
    }
    var y = [Double](repeating: 0, count: x.count)
    set.table.pointee.log(x.count, x, &y)
    #expect(worstUnits(y, x.map { Double.log($0) }) < 1.4)
  }

  @Test(arguments: KernelSet.available)
  func ends(set: KernelSet) {
    let infinity = Double.infinity
    let x = [0, -0.0, infinity, -infinity, .nan, 709.79, -745.14, -1e300, 1e300, 1]
    var y = [Double](repeating: 0, count: x.count)
    set.table.pointee.exp(x.count, x, &y)
    let expected = [1, 1, infinity, 0, .nan, infinity, 0, 0, infinity, Double.exp(1)]
    #expect(largestError(y, expected) < 1e-15)
    let positive = [0, -0.0, infinity, -infinity, .nan, -1, 0x1p-1074, 0x1p-1030, 1, 1.7e308]
    set.table.pointee.log(positive.count, positive, &y)
    let logs = [
      -infinity, -infinity, infinity, .nan, .nan, .nan, -744.440_071_921_381_2,
      -713.941_595_976_743_7, 0, 709.726_836_893_228_2,
    ]
    #expect(largestError(y, logs) < 1e-15)
  }

  /// A value has the same bits in the middle of a span and in its tail.
  @Test(arguments: KernelSet.available)
  func tailsAreNotSpecial(set: KernelSet) {
    let x = KernelCase.numbers(23, seed: 22, scale: 20)
    var whole = x
    set.table.pointee.exp(23, x, &whole)
    for index in x.indices {
      var one = [0.0]
      set.table.pointee.exp(1, [x[index]], &one)
      #expect(one[0].bitPattern == whole[index].bitPattern)
    }
  }

  /// Distance in units in the last place of the expected value.
  private func worstUnits(_ found: [Double], _ expected: [Double]) -> Double {
    zip(found, expected).reduce(0) { worst, pair in
      Swift.max(worst, (pair.0 - pair.1).magnitude / pair.1.ulp)
    }
  }
}
