import SurprisalDatasets
import SurprisalModels

/// The map between the coordinates of standardised features and the user's.
///
/// With scales s and centers c of the columns, the weights on the user's scale are `W = W̃ / s` and
/// the intercepts `b = b̃ - Σ c W̃ / s`. The map is linear: it is used for estimates, directions,
/// gradients and the covariance of contrasts (`A V Aᵀ`, with `weight(...)` and `intercept(...)` the
/// rows of A).
public struct AffineMap: Sendable {
  /// The model whose parameter vectors are mapped.
  public let model: LinearPredictor
  /// Centers and scales of its D columns.
  public let standardization: Standardization

  /// A coordinate of the standardised vector, and its factor.
  public typealias Term = (position: Int, factor: Double)

  /// The map of a model whose features had this standardisation.
  package init(_ model: LinearPredictor, _ standardization: Standardization) {
    precondition(standardization.scales.count == model.featureCount)
    self.model = model
    self.standardization = standardization
  }

  /// W and b on the user's scale, from a vector in standardised coordinates.
  ///
  /// Entries are infinite if they exceed the range of doubles.
  public func userScale(of vector: [Double]) -> AffineCoefficients {
    let weights = (0..<model.classCount).map { unit in
      (0..<model.featureCount).map { slope(vector[model.weight(class: unit, feature: $0)], $0) }
    }
    guard model.hasIntercept else { return AffineCoefficients(intercepts: [], weights: weights) }
    let intercepts = (0..<model.classCount).map { unit in
      weights[unit].indices.reduce(vector[model.intercepts.lowerBound + unit]) {
        let shift = weights[unit][$1] * standardization.centers[$1]
        return $0 - (standardization.centers[$1] == 0 ? 0 : shift)
      }
    }
    return AffineCoefficients(intercepts: intercepts, weights: weights)
  }

  /// The weight on the user's scale, from the standardised weight of a column.
  public func slope(_ weight: Double, _ column: Int) -> Double {
    weight / standardization.scales[column]
  }

  /// The amount that a standardised weight of a column subtracts from the intercept on the user's
  /// scale.
  public func interceptShift(_ weight: Double, _ column: Int) -> Double {
    slope(weight, column) * standardization.centers[column]
  }

  /// The row of A of the difference between the weights of two classes.
  public func weight(class unit: Int, against reference: Int, column: Int) -> [Term] {
    let scale = 1 / standardization.scales[column]
    return [
      (model.weight(class: unit, feature: column), scale),
      (model.weight(class: reference, feature: column), -scale),
    ]
  }

  /// The row of A of the difference between the intercepts of two classes.
  public func intercept(class unit: Int, against reference: Int) -> [Term] {
    let first = model.intercepts.lowerBound
    var terms: [Term] = [(first + unit, 1), (first + reference, -1)]
    for (column, center) in standardization.centers.enumerated() where center != 0 {
      terms += weight(class: unit, against: reference, column: column)
        .map { ($0.position, -center * $0.factor) }
    }
    return terms
  }

  /// The gradient in the user's coordinates: ∂F/∂W = s ∂F/∂W̃ + c ∂F/∂b̃ and ∂F/∂b = ∂F/∂b̃.
  public func userGradient(of gradient: [Double]) -> [Double] {
    var result = gradient
    for unit in 0..<model.classCount {
      let intercept = model.hasIntercept ? gradient[model.intercepts.lowerBound + unit] : 0
      for column in 0..<model.featureCount {
        let position = model.weight(class: unit, feature: column)
        result[position] =
          standardization.scales[column] * gradient[position]
          + standardization.centers[column] * intercept
      }
    }
    return result
  }

  /// The inverse: the standardised vector of one on the user's scale; other parameters are
  /// unchanged.
  public func standardized(_ vector: [Double]) -> [Double] {
    var result = vector
    for unit in 0..<model.classCount {
      for column in 0..<model.featureCount {
        let position = model.weight(class: unit, feature: column)
        if model.hasIntercept {
          result[model.intercepts.lowerBound + unit] +=
            standardization.centers[column] * result[position]
        }
        result[position] *= standardization.scales[column]
      }
    }
    return result
  }
}

/// Coefficients of affine logits on the scale of the user's features.
public struct AffineCoefficients: Sendable, Equatable {
  /// One intercept per class; empty without intercepts.
  public let intercepts: [Double]
  /// One row of D weights per class.
  public let weights: [[Double]]

  /// The coefficients as differences from class `reference`, whose own become zero. Differences are
  /// identified; the symmetric coefficients are not, since adding a constant to all classes of a
  /// column changes no prediction.
  public func contrasts(to reference: Int) -> AffineCoefficients {
    AffineCoefficients(
      intercepts: intercepts.map { $0 - intercepts[reference] },
      weights: weights.map { row in row.indices.map { row[$0] - weights[reference][$0] } })
  }
}

extension ModelClassifier where M == LinearPredictor {
  /// The map from the coordinates of the parameters to the user's scale.
  public var affineMap: AffineMap { AffineMap(model, standardization) }

  /// Weights and intercepts on the user's scale.
  ///
  /// Entries are infinite if they exceed the range of doubles.
  public var coefficients: AffineCoefficients { affineMap.userScale(of: parameters) }
}
