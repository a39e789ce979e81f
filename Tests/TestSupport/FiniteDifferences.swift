/// Derivatives by differences, for tests.
public enum FiniteDifferences {
  /// The derivative at 0 of a function of a step: central differences of two widths, with the
  /// leading error removed. With h = 1e-3 the truncation error is near 1e-13 of the fifth
  /// derivative.
  public static func derivative(step: Double = 1e-3, of function: (Double) -> Double) -> Double {
    derivative(step: step) { [function($0)] }[0]
  }

  /// The same for a vector.
  public static func derivative(
    step: Double = 1e-3, of function: (Double) -> [Double]
  ) -> [Double] {
    let (a, b) = (function(step), function(-step))
    let (c, d) = (function(2 * step), function(-2 * step))
    return a.indices.map { index in
      let near = (a[index] - b[index]) / (2 * step)
      let far = (c[index] - d[index]) / (4 * step)
      return (4 * near - far) / 3
    }
  }
}
