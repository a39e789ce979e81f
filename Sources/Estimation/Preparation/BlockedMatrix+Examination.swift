import SurprisalLinearAlgebra

extension BlockedMatrix {
  /// The largest size, in bytes, of a sparse matrix in dense form for the examination of its
  /// columns.
  static let examinationLimit = 1 << 29

  /// The matrix in dense form, for code that needs columns; nil if a sparse matrix would need more
  /// than `examinationLimit` bytes.
  package var inFull: BlockedMatrix? {
    guard storageKind == .sparse else { return self }
    let (cells, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard !overflow, cells <= Self.examinationLimit / MemoryLayout<Double>.stride else {
      return nil
    }
    return stored(as: .double)
  }
}
