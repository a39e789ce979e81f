import SurprisalLinearAlgebra

extension Labels {
  /// Labels and factors of the row weights that make the log-likelihood of row i
  /// `Σₖ vₖ pᵢₖ log p̂ₖ(xᵢ)`.
  ///
  /// With sᵢ = Σₖ vₖ pᵢₖ that is sᵢ times the one of the label vₖ pᵢₖ / sᵢ: the factor is sᵢ, and a
  /// known class stays what it is. A row whose label lies in classes of weight zero keeps its label
  /// and has factor zero. `values` has one number a class, finite and not negative.
  /// Throws `LabelError.kind` for counts, candidate sets and evidence. Complexity: O(N C).
  public func weightingClasses(
    by values: [Double]
  ) throws(LabelError) -> (labels: Labels, factors: [Double]) {
    precondition(values.count == classCount, "one weight a class")
    switch self {
    case .classes(let labels):
      return (self, (0..<labels.rowCount).map { values[labels[$0]] })
    case .probabilities(let labels):
      var factors = [Double](repeating: 0, count: labels.rowCount)
      for column in 0..<labels.classCount {
        labels.values.forEachSegment(ofColumn: column) { segment, rows in
          for (offset, row) in rows.enumerated() {
            factors[row] += values[column] * segment[offset]
          }
        }
      }
      var result = labels.values
      for column in 0..<labels.classCount {
        result.updateColumn(column) { segment, rows in
          for (offset, row) in rows.enumerated() where factors[row] > 0 {
            segment[offset] = values[column] * segment[offset] / factors[row]
          }
        }
      }
      return (.probabilities(ClassProbabilities(trusting: result)), factors)
    case .counts, .candidates, .evidence:
      throw .kind(
        likelihood: "class weights", found: kind, expected: [.classes, .probabilities])
    }
  }
}
