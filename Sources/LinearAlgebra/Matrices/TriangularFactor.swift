import SurprisalKernels

/// R of the QR decomposition of the unit columns, built block of rows by block of rows.
///
/// Householder reflections fold each block into the triangle: backward stable column by column, and
/// only D x D numbers are stored for any number of rows (sequential TSQR, Demmel, Grigori, Hoemmen
/// & Langou, doi:10.1137/080731992).
struct TriangularFactor {
  /// Column j has j + 1 entries; columns of length zero are empty.
  private(set) var columns: [[Double]]
  /// The columns with positive length.
  private let used: [Int]

  init(of features: BlockedMatrix, rows: ActiveRows, scales: [ColumnScale]) {
    let used = scales.indices.filter { scales[$0].length > 0 }
    self.used = used
    columns = scales.map { _ in [] }
    for (place, column) in used.enumerated() {
      columns[column] = [Double](repeating: 0, count: place + 1)
    }
    for index in 0..<features.blockCount {
      let block = features.block(index)
      let active = block.rows.indices.filter { rows.counts[$0] }.map { $0 - block.rows.lowerBound }
      guard !active.isEmpty else { continue }
      var values = block.withColumns { base, stride in
        used.map { column in
          active.map { scales[column].normalize(base[column * stride + $0]) }
        }
      }
      fold(&values)
    }
  }

  /// Reflects one block into the triangle.
  private mutating func fold(_ values: inout [[Double]]) {
    for place in used.indices {
      let reflector = values[place]
      let count = reflector.count
      let square = surprisal_dot(count, reflector, reflector)
      guard square > 0 else { continue }
      let diagonal = columns[used[place]][place]
      let length = (diagonal * diagonal + square).squareRoot()
      let target = diagonal > 0 ? -length : length
      let head = diagonal - target
      let factor = 2 / (head * head + square)
      columns[used[place]][place] = target
      for other in used.indices.dropFirst(place + 1) {
        let entry = columns[used[other]][place]
        let amount =
          factor * (head * entry + surprisal_dot(count, reflector, values[other]))
        columns[used[other]][place] = entry - amount * head
        surprisal_add_scaled(count, -amount, reflector, &values[other])
      }
    }
  }
}
