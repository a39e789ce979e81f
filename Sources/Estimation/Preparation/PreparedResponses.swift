import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The labels of some rows as a likelihood evaluates them, with the weights of the rows.
///
/// The only place outside of Probability that turns labels into responses, and hence the only one
/// that has to name the rows of a likelihood's errors: these count the rows that were examined.
package struct PreparedResponses<L: Likelihood>: Sendable {
  /// What the likelihood evaluates.
  package let responses: L.Responses
  /// wᵢ as the likelihood left them, padded with zeros to whole blocks.
  package let weights: [Double]

  /// Throws `DatasetError.label` for labels that the likelihood refuses. `origin` names the rows:
  /// the place of each in the data set of the caller, nil if they are all of its rows.
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
  /// Throws `DatasetError.label`; rows in it are those of this data set. Complexity: O(N C).
  public func requireResponses(to likelihood: some Likelihood) throws(DatasetError) {
    let data = droppingZeroWeights()
    _ = try PreparedResponses(
      of: data.labels, weights: data.weights, origin: data.origin, likelihood)
  }
}
