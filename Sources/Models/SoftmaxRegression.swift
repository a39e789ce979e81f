/// Multinomial logistic regression: logits are affine functions of the features.
///
/// All C classes have coefficients (the symmetric parametrisation); a reference class is a matter
/// of reporting.
public struct SoftmaxRegression: ModelFamily {
  /// Whether each class has an intercept.
  public var hasIntercept: Bool

  /// A softmax regression, with intercepts unless told otherwise.
  public init(hasIntercept: Bool = true) {
    self.hasIntercept = hasIntercept
  }

  public var name: String { "softmax" }

  public func model(featureCount: Int, classCount: Int) -> LinearPredictor {
    LinearPredictor(featureCount: featureCount, classCount: classCount, hasIntercept: hasIntercept)
  }
}
