import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The labels of some rows as responses of a likelihood, with the weights of the rows.
///
/// The only place outside of Probability that converts labels to responses, and hence the only one
/// that translates row numbers in the likelihood's errors.
package struct PreparedResponses<L: Likelihood>: Sendable {
  /// The responses that the likelihood evaluates.
  package let responses: L.Responses
  /// wᵢ as changed by the likelihood, padded with zeros to whole blocks.
  package let weights: [Double]

  /// Throws `DatasetError.label` for labels that the likelihood refuses. `origin` is the position
  /// of each row in the caller's data set; nil if these are all of its rows.
  init(
    of labels: Labels, weights rowWeights: RowWeights, origin: [Int]? = nil, _ likelihood: L
  ) throws(DatasetError) {
    var weights = [Double](repeating: 0, count: BlockedMatrix.paddedRowCount(labels.rowCount))
    for row in 0..<labels.rowCount { weights[row] = rowWeights[row] }
    do {
      responses = try likelihood.responses(of: labels, weights: &weights)
    } catch {
      throw DatasetError.label(error).mappingRows(origin)
    }
    self.weights = weights
  }
}

extension Dataset {
  /// Checks that a likelihood accepts the labels of all rows of positive weight.
  ///
  /// Throws `DatasetError.label` with row numbers of this data set. Complexity: O(N C).
  public func requireResponses(to likelihood: some Likelihood) throws(DatasetError) {
    let data = droppingZeroWeights()
    _ = try PreparedResponses(
      of: data.labels, weights: data.weights, origin: data.origin, likelihood)
  }
}
