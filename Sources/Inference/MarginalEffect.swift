/// How the predicted probability of a class answers to a column of the table, averaged over rows.
public struct MarginalEffect: Sendable, Equatable {
  /// What is changed.
  public enum Change: Sendable, Equatable {
    /// A number, a little: the effect is a derivative, per unit of the column.
    case derivative
    /// The level of a text column, from its base.
    case level(String, base: String)
  }

  /// The column.
  public let column: String
  /// What is changed of it.
  public let change: Change
  /// The class whose probability answers.
  public let classIndex: Int
  /// The average.
  public let estimate: Double
  /// Its standard error by the delta method; nil where there is none.
  public let standardError: Double?
  /// z, p and the interval of 95 %; nil where there is no standard error.
  public let wald: Wald?

  /// What follows from an effect and its standard error; z and p are nil for a posterior.
  public struct Wald: Sendable, Equatable {
    /// Effect over standard error.
    public let z: Double?
    /// The probability of a larger |z| if there were no effect.
    public let pValue: Double?
    /// The interval.
    public let interval: ClosedRange<Double>
  }

  /// `age`, or `color[red]`.
  public var term: String {
    switch change {
    case .derivative: column
    case .level(let level, _): "\(column)[\(level)]"
    }
  }

  init(
    column: String, change: Change, classIndex: Int, estimate: Double, standardError: Double?,
    isPosterior: Bool
  ) {
    self.column = column
    self.change = change
    self.classIndex = classIndex
    self.estimate = estimate
    self.standardError = standardError
    guard let error = standardError else {
      wald = nil
      return
    }
    let half = StandardNormal.quantile975 * error
    let z = error > 0 && !isPosterior ? estimate / error : nil
    wald = Wald(
      z: z, pValue: z.map(StandardNormal.twoSidedTail),
      interval: (estimate - half)...(estimate + half))
  }
}
