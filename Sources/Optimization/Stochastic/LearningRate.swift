import RealModule

/// The learning rate, as a function of the step.
public struct LearningRate: Sendable, Hashable {
  /// The schedule of the rate.
  public enum Schedule: String, Sendable, Codable, CaseIterable {
    /// The rate is constant.
    case constant
    /// After the warm-up the rate falls to 0 along half a cosine: Loshchilov and Hutter (2017),
    /// arXiv:1608.03983.
    case cosine
    /// The rate falls when the score of the passes has stopped falling: see `Plateau`.
    case plateau
  }

  /// The largest rate.
  public var peak: Double
  public var schedule: Schedule
  /// The number of steps over which the rate rises from `peak / warmUp` to the peak.
  public var warmUp: Int

  /// A learning rate. Precondition: `peak` is positive and finite, `warmUp` is not negative.
  public init(_ peak: Double, schedule: Schedule = .constant, warmUp: Int = 0) {
    precondition(peak > 0 && peak.isFinite && warmUp >= 0)
    self.peak = peak
    self.schedule = schedule
    self.warmUp = warmUp
  }

  /// The rate of step `step` of `total`, counted from 0.
  public func rate(step: Int, of total: Int) -> Double {
    if step < warmUp { return peak * Double(step + 1) / Double(warmUp) }
    switch schedule {
    case .constant, .plateau: return peak
    case .cosine:
      let share = Double(step - warmUp) / Double(max(total - warmUp, 1))
      return peak * 0.5 * (1 + Double.cos(.pi * min(share, 1)))
    }
  }
}
