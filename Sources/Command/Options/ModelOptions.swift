import ArgumentParser
import Surprisal

/// The options of the fitted model: the command line's form of `Specification`.
struct ModelOptions: ParsableArguments {
  @Option(
    "flat|gaussian|auto|jeffreys",
    """
    The density of the coefficients; intercepts are free under gaussian. jeffreys (Firth's \
    method) keeps estimates of classes and votes finite and takes no strength. auto, the default \
    of networks, chooses a strength on held-out rows.
    """)
  var prior: Specification.Prior.Name?

  @Option(
    "lambda",
    """
    A Gaussian prior: adds lambda/2 * (sum of squared coefficients of all classes) to the mean \
    cross entropy; its precision is lambda times the total weight.
    """)
  var l2: Double?

  @Option("class", "The class that coefficients are compared with. Default: the first.")
  var reference: String?

  @Option(
    "auto|information|sandwich|quasi|cluster:COL|none",
    "Standard errors; auto takes those that are right for the labels, weights and prior.")
  var stdErrors = Defaulted(Specification.StandardErrors.automatic)

  @OptionGroup var common: EstimatorOptions

  func validate() throws {
    try Flags.validating { () throws(SpecificationError) in
      try specification(over: Specification()).validateValues()
    }
    if prior == .gaussian, !(l2.map { $0 > 0 } ?? (common.config != nil)) {
      throw ValidationError("--prior gaussian needs --l2 with a positive number")
    }
    if let prior, prior != .gaussian, l2.map({ $0 > 0 }) ?? false {
      throw ValidationError("--prior \(prior.rawValue) and --l2 contradict each other")
    }
  }

  /// The specification of a file, overridden by the given options.
  func specification(over base: Specification) -> Specification {
    var result = common.specification(over: base)
    if let density = prior?.density(nil) { result.prior.density = density }
    if let l2, prior != .jeffreys { result.prior.density = Specification.Prior.l2(l2).density }
    if let reference { result.reference = reference }
    if let stdErrors = stdErrors.given { result.standardErrors = stdErrors }
    return result
  }
}
