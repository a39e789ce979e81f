import Foundation
import Surprisal

/// A data set as `workloads.py` writes it: a folder with `shape.json` and raw arrays.
final class Workload {
  /// The sizes, and whether the features are compressed rows.
  struct Shape: Decodable {
    let rows: Int
    let columns: Int
    let classes: Int
    let entries: Int?
  }

  let folder: URL
  let shape: Shape
  /// Seconds it took to pack dense rows into blocks, apart from reading their file.
  private(set) var packSeconds = 0.0

  init(folder: String) throws {
    self.folder = URL(fileURLWithPath: folder)
    let text = try Data(contentsOf: self.folder.appendingPathComponent("shape.json"))
    shape = try JSONDecoder().decode(Shape.self, from: text)
  }

  /// The features in the storage asked for, and labels: a class a row where `hard`.
  func dataset(hard: Bool, storage: MatrixStorage?) throws -> Dataset {
    let matrix = try shape.entries == nil ? dense("x.f64", shape.columns) : compressed()
    let names = (1...shape.columns).map { "f\($0)" }
    return try Dataset(
      features: Features(
        matrix: storage.map { matrix.stored(as: $0) } ?? matrix,
        encoding: FeatureEncoding(numbers: names)),
      labels: hard || shape.entries != nil
        ? .classes(ClassIndices(numbers("y.i64", Int.self), classCount: shape.classes))
        : .probabilities(ClassProbabilities(normalizing: dense("p.f64", shape.classes))))
  }

  /// Rows are read a strip at a time: the file and the matrix are not in memory together.
  private func dense(_ name: String, _ columns: Int) throws -> BlockedMatrix {
    let file = try FileHandle(forReadingFrom: folder.appendingPathComponent(name))
    let builder = BlockedMatrixBuilder(columnCount: columns, rowCapacity: shape.rows)
    let target = builder.target
    let strip = 16 * BlockedMatrix.blockSize
    for start in stride(from: 0, to: shape.rows, by: strip) {
      let rows = min(strip, shape.rows - start)
      let bytes = try file.read(upToCount: rows * columns * 8) ?? Data()
      bytes.withUnsafeBytes { raw in
        let values = raw.bindMemory(to: Double.self)
        precondition(values.count == rows * columns, "\(name) is too short")
        guard let base = values.baseAddress else { return }
        packSeconds +=
          ContinuousClock().measure {
            for row in stride(from: 0, to: rows, by: 8) {
              target.set(
                rows: start + row, count: min(8, rows - row), from: base + row * columns,
                stride: columns)
            }
          }.inSeconds
      }
    }
    return builder.finish(rowCount: shape.rows)
  }

  private func compressed() throws -> BlockedMatrix {
    let starts = try numbers("starts.i64", Int.self)
    let columns = try numbers("columns.u32", UInt32.self)
    let values = try numbers("values.f64", Double.self)
    var entries = CompressedRows()
    entries.reserve(rows: shape.rows, entries: values.count)
    for row in 0..<shape.rows {
      let range = starts[row]..<starts[row + 1]
      entries.append(columns: Array(columns[range]), values: Array(values[range]))
    }
    return BlockedMatrix(entries, columnCount: shape.columns)
  }

  private func numbers<T>(_ name: String, _ type: T.Type) throws -> [T] {
    try Data(contentsOf: folder.appendingPathComponent(name)).withUnsafeBytes {
      Array($0.bindMemory(to: T.self))
    }
  }
}
