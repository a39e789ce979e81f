import SurprisalModels

/// Coefficients of affine logits on the scale of the user's features.
public struct AffineCoefficients: Sendable, Equatable {
  /// One intercept a class; empty without intercepts.
  public let intercepts: [Double]
  /// One row of D weights a class.
  public let weights: [[Double]]

  /// The same as differences from class `reference`, whose own become zero: these are identified,
  /// whereas a constant can be added to a column of the symmetric ones without changing a
  /// prediction.
  public func contrasts(to reference: Int) -> AffineCoefficients {
    AffineCoefficients(
      intercepts: intercepts.map { $0 - intercepts[reference] },
      weights: weights.map { row in row.indices.map { row[$0] - weights[reference][$0] } })
  }
}

extension ModelClassifier where M == AffineLogits {
  /// W = W̃ / s and b = b̃ - W c, with s the scales and c the centers of the standardisation.
  ///
  /// Entries are infinite where the user's scale leaves the range of doubles.
  public var coefficients: AffineCoefficients {
    userScale(of: parameters)
  }

  /// The same map for another vector in the coordinates of the model, such as a direction.
  public func userScale(of vector: [Double]) -> AffineCoefficients {
    let weights = (0..<model.classCount).map { unit in
      (0..<model.featureCount).map { feature in
        vector[model.weight(class: unit, feature: feature)] / standardization.scales[feature]
      }
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
}
