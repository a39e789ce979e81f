import SurprisalLinearAlgebra
import TestSupport
import Testing

/// Compares the sparse products of every kernel set with its own dense ones.
@Suite struct SparseKernelTests {
  static let grid = [1, 7, 40].flatMap { rows in
    [1, 9, 50].flatMap { features in
      [1, 5, 8, 17, 31, 33, 70].map { KernelCase(rows: rows, features: features, units: $0) }
    }
  }

  @Test(arguments: KernelSet.available, grid)
  func productHasTheBitsOfTheDenseOne(set: KernelSet, size: KernelCase) {
    let x = sparseTile(size)
    let table = set.table.pointee
    let w = KernelCase.numbers(size.units * size.features, seed: 61)
    let start = KernelCase.numbers(size.units * size.stride, seed: 62)
    var dense = start
    table.add_product(
      size.stride, size.features, size.units, x, size.stride, w, size.features, &dense,
      size.stride, nil)
    for arranged in [false, true] {
      var found = start
      let columnStride = arranged ? Tile.padded(size.units) : 1
      let weights = arranged ? transposed(w, size) : w
      compressed(x, size).withUnsafeRows(0..<size.rows) { view in
        table.add_sparse_product(
          view, size.units, weights, arranged ? 1 : size.features, columnStride, &found,
          size.stride)
      }
      for unit in 0..<size.units {
        let range = unit * size.stride..<unit * size.stride + size.rows
        #expect(sameBits(Array(found[range]), Array(dense[range])))
      }
    }
  }

  @Test(arguments: KernelSet.available, grid)
  func outerProductAndGramAgree(set: KernelSet, size: KernelCase) {
    let x = sparseTile(size)
    let table = set.table.pointee
    let scores = size.tile(units: size.units, seed: 63)
    var dense = KernelCase.numbers(size.units * size.features, seed: 64)
    var plain = dense
    var arranged = transposed(dense, size)
    var gram = [Double](repeating: 0, count: size.features * size.features)
    var found = gram
    table.add_outer_product(
      size.stride, size.features, size.units, x, size.stride, scores, size.stride, &dense,
      size.features)
    table.add_weighted_gram(
      size.stride, size.features, x, size.stride, scores, &gram, size.features)
    compressed(x, size).withUnsafeRows(0..<size.rows) { view in
      table.add_sparse_outer_product(
        view, size.units, scores, size.stride, &plain, size.features, 1)
      table.add_sparse_outer_product(
        view, size.units, scores, size.stride, &arranged, 1, Tile.padded(size.units))
      table.add_sparse_gram(view, scores, &found, size.features)
    }
    #expect(largestError(plain, dense) < 1e-13)
    #expect(largestError(arranged, transposed(dense, size)) < 1e-13)
    #expect(largestError(found, gram) < 1e-13)
  }

  /// Rows in the middle of a matrix, as in a block, compared with a matrix of these rows alone.
  @Test(arguments: KernelSet.available)
  func someRowsAreTheMatrixOfThem(set: KernelSet) {
    let size = KernelCase(rows: 40, features: 50, units: 17)
    let (first, count) = (13, 16)
    let all = compressed(sparseTile(size), size)
    var some = CompressedRows()
    for row in first..<first + count {
      let range = all.entries(ofRow: row)
      some.append(columns: Array(all.columns[range]), values: Array(all.values[range]))
    }
    let w = transposed(KernelCase.numbers(size.units * size.features, seed: 65), size)
    let scores = size.tile(units: size.units, seed: 66)
    let width = Tile.padded(size.units)
    let results = [(all, first..<first + count), (some, 0..<count)].map { rows, range in
      var logits = [Double](repeating: 0, count: size.units * size.stride)
      var sums = [Double](repeating: 0, count: size.features * width)
      var gram = [Double](repeating: 0, count: size.features * size.features)
      rows.withUnsafeRows(range) { view in
        set.table.pointee.add_sparse_product(view, size.units, w, 1, width, &logits, size.stride)
        set.table.pointee.add_sparse_outer_product(
          view, size.units, scores, size.stride, &sums, 1, width)
        set.table.pointee.add_sparse_gram(view, scores, &gram, size.features)
      }
      return [logits, sums, gram]
    }
    for (found, expected) in zip(results[0], results[1]) {
      #expect(sameBits(found, expected) && found.contains { $0 != 0 })
    }
  }

  /// A dense tile with two of three entries zero.
  private func sparseTile(_ size: KernelCase) -> [Double] {
    size.tile(units: size.features, seed: 60).enumerated().map {
      ($0 + $0 / size.stride) % 3 == 0 ? $1 : 0
    }
  }

  private func transposed(_ w: [Double], _ size: KernelCase) -> [Double] {
    let stride = Tile.padded(size.units)
    var result = [Double](repeating: 0, count: size.features * stride)
    for (place, value) in w.enumerated() {
      result[place % size.features * stride + place / size.features] = value
    }
    return result
  }

  /// The nonzero entries of a tile.
  private func compressed(_ x: [Double], _ size: KernelCase) -> CompressedRows {
    var rows = CompressedRows()
    for row in 0..<size.rows {
      let columns = (0..<size.features).filter { x[$0 * size.stride + row] != 0 }
      rows.append(
        columns: columns.map(UInt32.init), values: columns.map { x[$0 * size.stride + row] })
    }
    return rows
  }
}
