import SurprisalLinearAlgebra

extension BlockedMatrix {
  /// The most bytes a sparse matrix may take in full for the examination of its columns.
  static let examinationLimit = 1 << 29

  /// The matrix itself, or a sparse one written out, for what goes through columns; nil where that
  /// would take more than `examinationLimit` bytes.
  package var inFull: BlockedMatrix? {
    guard storageKind == .sparse else { return self }
    let (cells, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard !overflow, cells <= Self.examinationLimit / MemoryLayout<Double>.stride else {
      return nil
    }
    return stored(as: .double)
  }
}
