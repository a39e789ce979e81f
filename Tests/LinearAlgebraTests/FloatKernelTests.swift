import RealModule
import SurprisalKernels
import SurprisalLinearAlgebra
import TestSupport
import Testing

/// The single precision kernels of predictions, of every set.
@Suite struct FloatKernelTests {
  private static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// Compared with sums in double precision: the error of a sum of n terms is below n / 2²⁴ of
  /// their magnitudes.
  @Test(arguments: KernelSet.available, KernelCase.grid)
  func productIsRight(set: KernelSet, size: KernelCase) {
    let stride = Self.padded(size.rows)
    let x = KernelCase.numbers(size.features * stride, seed: 31).map { Float($0) }
    let w = KernelCase.numbers(size.units * size.features, seed: 32).map { Float($0) }
    let start = KernelCase.numbers(size.units * stride, seed: 33).map { Float($0) }
    var z = start
    set.table.pointee.add_product_float(
      stride, size.features, size.units, x, stride, w, size.features, &z, stride, nil)
    var worst = 0.0
    for unit in 0..<size.units {
      for column in 0..<stride {
        var (sum, magnitude) = (Double(start[unit * stride + column]), 1.0)
        for feature in 0..<size.features {
          let term =
            Double(w[unit * size.features + feature]) * Double(x[feature * stride + column])
          sum += term
          magnitude += term.magnitude
        }
        let error = (Double(z[unit * stride + column]) - sum).magnitude
        worst = Swift.max(worst, error / magnitude)
      }
    }
    #expect(worst <= Double(size.features + 1) * 0x1p-24)
  }

  /// A column has the same bits at any position and beside any other columns.
  @Test(arguments: KernelSet.available)
  func columnsStandAlone(set: KernelSet) {
    let (rows, features, units) = (208, 331, 19)
    let x = KernelCase.numbers(features * rows, seed: 34).map { Float($0) }
    let w = KernelCase.numbers(units * features, seed: 35).map { Float($0) }
    var all = [Float](repeating: 0.5, count: units * rows)
    set.table.pointee.add_product_float(
      rows, features, units, x, rows, w, features, &all, rows, nil)
    for column in [0, 17, 63, 130, 207] {
      var alone = [Float](repeating: 0, count: features * 16)
      for feature in 0..<features { alone[feature * 16 + 3] = x[feature * rows + column] }
      var z = [Float](repeating: 0.5, count: units * 16)
      set.table.pointee.add_product_float(
        16, features, units, alone, 16, w, features, &z, 16, nil)
      for unit in 0..<units { #expect(z[unit * 16 + 3] == all[unit * rows + column]) }
    }
  }

  @Test(arguments: KernelSet.available, [1e-3, 1, 6, 30, 1024])
  func activationsAreRight(set: KernelSet, scale: Double) {
    let x = (KernelCase.numbers(109, seed: 36, scale: scale) + [0, -0.0, 1e-30]).map { Float($0) }
    for kind in 0..<3 {
      var value = x
      set.table.pointee.activate_float(Int32(kind), x.count, &value)
      for (found, x) in zip(value, x) {
        let expected = activation(kind, Double(x))
        let room = kind == 0 ? 0 : 3e-7 * Swift.max(1, expected.magnitude)
        #expect((Double(found) - expected).magnitude <= room, "\(kind) \(x)")
      }
    }
  }

  private func activation(_ kind: Int, _ x: Double) -> Double {
    switch kind {
    case 0: Swift.max(x, 0)
    case 1:
      0.5 * x
        * (1 + Double.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    default: Double.tanh(x)
    }
  }

  @Test(arguments: KernelSet.available)
  func whatIsNoNumberStaysAndIsSeen(set: KernelSet) {
    for kind in 0..<3 {
      var values = [Float](repeating: .nan, count: 16)
      set.table.pointee.activate_float(Int32(kind), 16, &values)
      #expect(values.allSatisfy { $0.isNaN })
    }
    var values = [Float](repeating: 2, count: 32)
    (values[3], values[20], values[9]) = (.nan, -7, -.infinity)
    var largest = [Float](repeating: 1, count: 16)
    set.table.pointee.extent_float(16, 2, values, 16, &largest)
    for (index, value) in largest.enumerated() {
      #expect(value == (index == 3 || index == 9 ? .infinity : index == 4 ? 7 : 2))
    }
  }

  @Test(arguments: KernelSet.available)
  func standardizationRoundsOnce(set: KernelSet) {
    let x = KernelCase.numbers(48, seed: 37) + [1e300, -.infinity, .nan, 5e4, 1, 2, 3, -4]
    let centers = [0.25, -3, 1e-9, 7, 0.1, 11, 0.5]
    let factors = [4, 0.3, 1e9, 1, 0.01, 3, 2]
    var y = [Float](repeating: 9, count: 7 * 16)
    var largest = [Float](repeating: 0, count: 8)
    set.table.pointee.standardize_float(8, 7, x, 8, centers, factors, &y, 16, &largest)
    for row in 0..<8 {
      var top: Float = 0
      for column in 0..<7 {
        let expected = Float((x[column * 8 + row] - centers[column]) * factors[column])
        let found = y[column * 16 + row]
        #expect(found == expected || found.isNaN && expected.isNaN)
        #expect(y[column * 16 + 8 + row] == 9)
        top = expected.isNaN ? .infinity : Swift.max(top, expected.magnitude)
      }
      #expect(largest[row] == top)
    }
  }

  @Test(arguments: KernelSet.available, [1, 2, 37, 300])
  func normalizationIsRight(set: KernelSet, units: Int) {
    let rows = 48
    let z = KernelCase.numbers(units * rows, seed: 38, scale: 3).map { Float($0) }
    let gains = KernelCase.numbers(units, seed: 39).map { Float($0) }
    let shifts = KernelCase.numbers(units, seed: 40).map { Float($0) }
    var found = z
    set.table.pointee.normalize_float(rows, units, &found, rows, gains, shifts)
    for row in 0..<rows {
      let sums = (0..<units).map { Double(z[$0 * rows + row]) }
      let mean = sums.reduce(0, +) / Double(units)
      let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(units)
      for unit in 0..<units {
        let expected =
          Double(gains[unit]) * (sums[unit] - mean) / (variance + 1e-5).squareRoot()
          + Double(shifts[unit])
        #expect((Double(found[unit * rows + row]) - expected).magnitude < 3e-6)
      }
    }
  }
}
