import RealModule

/// A labelled value of an axis.
public struct Tick: Sendable, Equatable {
  /// The value.
  public let value: Double
  /// The value as text.
  public let text: String
}

/// Round values for axes: one, two or five times a power of ten.
public enum Ticks {
  /// The round step that divides a span into about `count` parts.
  public static func step(over span: Double, count: Int) -> Double {
    guard span > 0, span.isFinite else { return 1 }
    let raw = span / Double(max(1, count))
    let power = Double.pow(10, Double.log10(raw).rounded(.down))
    guard power > 0, power.isFinite else { return raw }
    let multiple = raw / power
    let nice: Double = multiple < 1.5 ? 1 : multiple < 3.5 ? 2 : multiple < 7.5 ? 5 : 10
    return nice * power
  }

  /// About `count` ticks inside the domain of a scale.
  public static func of(_ scale: Scale, count: Int) -> [Tick] {
    switch scale.transform {
    case .linear: linear(scale.domain, count: count)
    case .squareRoot: squareRoot(scale.domain, count: count)
    case .logarithmic: logarithmic(scale.domain, count: count)
    }
  }

  private static func linear(_ domain: ClosedRange<Double>, count: Int) -> [Tick] {
    let (low, high) = (domain.lowerBound, domain.upperBound)
    let step = step(over: high - low, count: count)
    let slack = step * 1e-9
    guard let first = Int(exactly: ((low - slack) / step).rounded(.up)),
      let last = Int(exactly: ((high + slack) / step).rounded(.down)), first <= last,
      last - first < 100
    else { return [low, high].map { Tick(value: $0, text: text($0, step: high - low)) } }
    return (first...last).map { index in
      let value = index == 0 ? 0 : Double(index) * step
      return Tick(value: value, text: text(value, step: step))
    }
  }

  /// Equidistant values would be crowded at one end: selects those round values that are far enough
  /// apart.
  private static func squareRoot(_ domain: ClosedRange<Double>, count: Int) -> [Tick] {
    let (low, high) = (domain.lowerBound, domain.upperBound)
    let gap = (high.squareRoot() - low.squareRoot()) / Double(max(1, count)) * 0.8
    var candidates = linear(domain, count: count).map(\.value)
    if let top = Int(exactly: Double.log10(high).rounded(.down)) {
      for exponent in (top - 4)...top {
        candidates += [1, 2, 5].map { $0 * Double.pow(10, Double(exponent)) }
      }
    }
    var values: [Double] = []
    for value in candidates.sorted(by: >) where value >= low && value <= high && value > 0 {
      let room = (values.last ?? .infinity).squareRoot() - value.squareRoot()
      if room >= gap, value.squareRoot() >= gap { values.append(value) }
    }
    if low == 0 { values.append(0) }
    return labelled(values.reversed())
  }

  private static func logarithmic(_ domain: ClosedRange<Double>, count: Int) -> [Tick] {
    let (low, high) = (
      Double.log10(domain.lowerBound), Double.log10(domain.upperBound)
    )
    guard let first = Int(exactly: (low - 1e-9).rounded(.up)),
      let last = Int(exactly: (high + 1e-9).rounded(.down)), first < last
    else { return linear(domain, count: count) }
    let stride = max(
      1, Int(exactly: (Double(last - first) / Double(max(1, count))).rounded(.up)) ?? 1)
    return labelled(
      Swift.stride(from: first, through: last, by: stride).map { Double.pow(10, Double($0)) })
  }

  /// Unevenly spaced ticks, with as many digits as needed to distinguish them.
  private static func labelled(_ values: [Double]) -> [Tick] {
    for digits in 6...17 {
      let texts = values.map { typographic(NumberText.formatted($0, .shortest, digits)) }
      if Set(texts).count == texts.count || digits == 17 {
        return zip(values, texts).map { Tick(value: $0, text: $1) }
      }
    }
    return []
  }

  /// A tick with as many decimals as its step, or as many digits as distinguish it from the next.
  static func text(_ value: Double, step: Double) -> String {
    let size = value.magnitude
    guard step > 0, step.isFinite, size.isFinite else { return text(value) }
    guard size < 1e5, step >= 1e-4 else {
      let digits = Int(exactly: (Double.log10(max(size / step, 1)) + 1).rounded(.up)) ?? 17
      return typographic(NumberText.formatted(value, .shortest, max(6, min(17, digits))))
    }
    let decimals = max(0, Int(exactly: (-Double.log10(step) - 1e-9).rounded(.up)) ?? 0)
    return typographic(NumberText.formatted(value, .fixed, decimals))
  }

  /// A value with at most six digits.
  static func text(_ value: Double) -> String {
    typographic(NumberText.formatted(value, .shortest, 6))
  }

  /// The text with a minus sign instead of a hyphen, and exponents without padding.
  static func typographic(_ text: String) -> String {
    var (result, isPadding) = ("", false)
    for sign in text {
      if isPadding, sign == "+" { continue }
      if isPadding, sign == "0" {
        isPadding = false
        continue
      }
      isPadding = sign == "e" || (isPadding && sign == "-")
      result.append(sign == "-" ? "\u{2212}" : sign)
    }
    return result
  }
}
