import SurprisalLinearAlgebra
import TestSupport
import Testing

private let fast = KernelSet.available.filter { $0.name != "reference" }

extension KernelSet: CustomTestStringConvertible {
  public var testDescription: String { name }
}

@Suite struct KernelSetTests {
  let reference = KernelSet(named: "reference")

  @Test func thereIsAReferenceAndOneMore() {
    #expect(reference?.name == "reference")
    #expect(!fast.isEmpty)
    #expect(KernelSet(named: "abacus") == nil)
    #expect(KernelSet.available.map(\.name).contains(KernelSet.current.name))
  }

  @Test(arguments: fast, KernelCase.grid)
  func productAgrees(set: KernelSet, size: KernelCase) throws {
    try expectAgreement(set, within: 1e-12) { [product($0, size)] }
  }

  @Test(arguments: fast, KernelCase.grid)
  func outerProductAgrees(set: KernelSet, size: KernelCase) throws {
    try expectAgreement(set, within: 1e-12) { [outerProduct($0, size)] }
  }

  @Test(arguments: fast, KernelCase.grid.filter { $0.units == 2 })
  func gramAgrees(set: KernelSet, size: KernelCase) throws {
    try expectAgreement(set, within: 1e-12) { [gram($0, size)] }
  }

  @Test(arguments: fast, KernelCase.grid)
  func singlePrecisionAgrees(set: KernelSet, size: KernelCase) throws {
    try expectAgreement(set, within: 1e-12) {
      let found = singlePrecision($0, size)
      return [found.logits, found.gradient, found.gram]
    }
  }

  @Test(arguments: KernelSet.available)
  func gramLeavesTheUpperTriangleAlone(set: KernelSet) {
    let size = KernelCase(rows: 24, features: 11, units: 1)
    let found = gram(set, size)
    for row in 0..<11 {
      for column in row + 1..<12 where column < 11 { #expect(found[row * 11 + column] == 1) }
    }
  }

  @Test(arguments: [0, 1, 3, 7, 8, 31, 32, 33, 100, 1001])
  func dotAndAddScaledAgree(count: Int) throws {
    let reference = try #require(reference)
    let a = KernelCase.numbers(count, seed: 1)
    let b = KernelCase.numbers(count, seed: 2)
    let expected = reference.table.pointee.dot(count, a, b)
    for set in fast {
      #expect(largestError([set.table.pointee.dot(count, a, b)], [expected]) < 1e-13)
      var found = b
      var plain = b
      set.table.pointee.add_scaled(count, 0.3, a, &found)
      reference.table.pointee.add_scaled(count, 0.3, a, &plain)
      #expect(largestError(found, plain) < 1e-15)
    }
  }

  /// A value that can be checked by hand, for the reference kernels too.
  @Test(arguments: KernelSet.available)
  func smallProductsAreRight(set: KernelSet) {
    let x = [Double](arrayLiteral: 1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 30, 40, 50, 60, 70, 80)
    var z = [Double](repeating: 1, count: 8)
    set.table.pointee.add_product(8, 2, 1, x, 8, [2, 0.5], 2, &z, 8, nil)
    #expect(z == [8, 15, 22, 29, 36, 43, 50, 57])
    var g = [0.5, 0]
    set.table.pointee.add_outer_product(8, 2, 1, x, 8, [1, 0, 0, 0, 0, 0, 0, 2], 8, &g, 2)
    #expect(g == [17.5, 170])
    var h = [0.0, 0, 0, 0]
    set.table.pointee.add_weighted_gram(8, 2, x, 8, [1, 2, 0, 0, 0, 0, 0, 0], &h, 2)
    #expect(h == [9, 0, 90, 900])
  }

  private func product(_ set: KernelSet, _ size: KernelCase) -> [Double] {
    let x = size.tile(units: size.features, seed: 3)
    let w = KernelCase.numbers(size.units * size.features, seed: 4)
    var z = KernelCase.numbers(size.units * size.stride, seed: 5)
    set.table.pointee.add_product(
      size.stride, size.features, size.units, x, size.stride, w, size.features, &z, size.stride,
      nil)
    return z
  }

  private func outerProduct(_ set: KernelSet, _ size: KernelCase) -> [Double] {
    let x = size.tile(units: size.features, seed: 6)
    let s = size.tile(units: size.units, seed: 7)
    var g = KernelCase.numbers(size.units * size.features, seed: 8)
    set.table.pointee.add_outer_product(
      size.stride, size.features, size.units, x, size.stride, s, size.stride, &g, size.features)
    return g
  }

  private func singlePrecision(
    _ set: KernelSet, _ size: KernelCase
  ) -> (logits: [Double], gradient: [Double], gram: [Double]) {
    let table = set.table.pointee
    let x = size.tile(units: size.features, seed: 23).map { Float($0) }
    let w = KernelCase.numbers(size.units * size.features, seed: 24)
    var z = size.tile(units: size.units, seed: 25)
    var g = w
    var gram = [Double](repeating: 0, count: size.features * size.features)
    table.add_product_single(
      size.stride, size.features, size.units, x, size.stride, w, size.features, &z, size.stride,
      nil)
    table.add_outer_product_single(
      size.stride, size.features, size.units, x, size.stride, z, size.stride, &g, size.features)
    let h = size.tile(units: 1, seed: 26)
    if size.units == 2 {
      table.add_weighted_gram_single(
        size.stride, size.features, x, size.stride, h, &gram, size.features)
    }
    return (z, g, gram)
  }

  private func gram(_ set: KernelSet, _ size: KernelCase) -> [Double] {
    let x = size.tile(units: size.features, seed: 9)
    let h = size.tile(units: 1, seed: 10)
    var g = [Double](repeating: 1, count: size.features * size.features)
    set.table.pointee.add_weighted_gram(
      size.stride, size.features, x, size.stride, h, &g, size.features)
    return g
  }
}
