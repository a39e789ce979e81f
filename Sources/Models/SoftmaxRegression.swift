/// Multinomial logistic regression: logits are affine functions of the features.
///
/// All C classes have coefficients (the symmetric parametrisation); a reference class is only used
/// for reporting.
public struct SoftmaxRegression: ModelFamily {
  /// Whether each class has an intercept.
  public var hasIntercept: Bool

  /// Creates a softmax regression, by default with intercepts.
  public init(hasIntercept: Bool = true) {
    self.hasIntercept = hasIntercept
  }

  public var name: String { "softmax" }

  public func model(featureCount: Int, classCount: Int) -> LinearPredictor {
    LinearPredictor(featureCount: featureCount, classCount: classCount, hasIntercept: hasIntercept)
  }
}
