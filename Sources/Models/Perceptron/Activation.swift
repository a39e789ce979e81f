import SurprisalKernels

/// The activation function of hidden units, applied to their sum y.
public enum Activation: String, Sendable, Codable, CaseIterable {
  /// max(y, 0); its derivative at 0 is taken as 0.
  case relu
  /// `y s(2 c (y + 0.044715 y³))` with s the logistic function and c = √(2/π): the tanh
  /// approximation of y Φ(y), with an error below 5e-4. Hendrycks and Gimpel (2016),
  /// arXiv:1606.08415.
  case gelu
  /// The hyperbolic tangent.
  case tanh

  /// Replaces `count` sums by their activations and writes the derivatives.
  func apply(
    _ count: Int, _ values: UnsafeMutablePointer<Double>, slopes: UnsafeMutablePointer<Double>
  ) {
    surprisal_activate(kind, count, values, slopes)
  }

  /// Replaces `count` sums in single precision, a multiple of 16, by their activations.
  func apply(_ count: Int, _ values: UnsafeMutablePointer<Float>) {
    surprisal_activate_float(kind, count, values)
  }

  private var kind: Int32 {
    switch self {
    case .relu: 0
    case .gelu: 1
    case .tanh: 2
    }
  }
}
