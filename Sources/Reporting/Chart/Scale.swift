import RealModule

/// A map from values to positions on the page.
public struct Scale: Sendable, Equatable {
  /// The transformation before the linear map. Square roots keep small values distinguishable next
  /// to large ones, and include zero; logarithms are for positive values.
  public enum Transform: Sendable, Equatable { case linear, squareRoot, logarithmic }

  /// The transformation before the linear map.
  public let transform: Transform
  /// The range of values.
  public let domain: ClosedRange<Double>
  /// The position of the smallest value.
  public let start: Double
  /// The position of the largest value.
  public let end: Double

  /// Creates a scale; a domain of one value is widened.
  public init(
    _ domain: ClosedRange<Double>, from start: Double, to end: Double,
    transform: Transform = .linear
  ) {
    self.transform = transform
    self.domain = Self.widened(domain, transform)
    self.start = start
    self.end = end
  }

  /// The position of a value; a value outside the domain is clamped.
  public func callAsFunction(_ value: Double) -> Double {
    let clamped =
      value.isNaN ? domain.lowerBound : min(max(value, domain.lowerBound), domain.upperBound)
    let (low, high) = (spread(domain.lowerBound), spread(domain.upperBound))
    return start + (end - start) * (spread(clamped) - low) / (high - low)
  }

  private func spread(_ value: Double) -> Double {
    switch transform {
    case .linear: value
    case .squareRoot: max(0, value).squareRoot()
    case .logarithmic: Double.log10(max(value, .leastNormalMagnitude))
    }
  }

  private static func widened(
    _ domain: ClosedRange<Double>, _ transform: Transform
  ) -> ClosedRange<Double> {
    let limit = 1e300
    var low = max(-limit, min(limit, domain.lowerBound))
    var high = max(-limit, min(limit, domain.upperBound))
    if transform == .logarithmic {
      low = max(low, 1e-300)
      high = max(high, low)
      return high > low * 1.000001 ? low...high : low / 2...high * 2
    }
    if transform == .squareRoot { low = max(0, low) }
    if high - low > 1e-12 * max(low.magnitude, high.magnitude) { return low...high }
    let half = low == 0 ? 1 : low.magnitude / 2
    return transform == .squareRoot ? max(0, low - half)...low + half : low - half...low + half
  }

  /// A domain around values, with its ends at ticks; values that are not finite are ignored.
  public static func domain(
    around values: some Sequence<Double>, including fixed: [Double] = [], tickCount: Int = 5
  ) -> ClosedRange<Double> {
    let all = (Array(values) + fixed).filter(\.isFinite).map { max(-1e300, min(1e300, $0)) }
    guard let low = all.min(), let high = all.max(), low < high else {
      let only = all.first ?? 0
      return only == 0 ? 0...1 : min(0, only * 1.25)...max(0, only * 1.25)
    }
    let step = Ticks.step(over: high - low, count: tickCount)
    guard step.isFinite, step > 0 else { return low...high }
    let (first, last) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
    return first < last ? first...last : low...high
  }
}
