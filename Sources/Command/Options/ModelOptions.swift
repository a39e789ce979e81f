import ArgumentParser
import Surprisal

/// The options of the fitted model: the command line's form of `Specification`.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The density of the coefficients; intercepts are free under gaussian. jeffreys (Firth's \
      method) keeps estimates of classes and votes finite and takes no strength. auto, the default \
      of networks, chooses a strength on held-out rows.
      """,
      valueName: "flat|gaussian|auto|jeffreys"))
  var prior: Specification.Prior.Name?

  @Option(
    help: ArgumentHelp(
      """
      A Gaussian prior: adds lambda/2 * (sum of squared coefficients of all classes) to the mean \
      cross entropy; its precision is lambda times the total weight.
      """,
      valueName: "lambda"))
  var l2: Double?

  @Option(
    help: ArgumentHelp(
      "The class that coefficients are compared with. Default: the first.", valueName: "class"))
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "Standard errors; auto takes those that are right for the labels, weights and prior.",
      valueName: "auto|information|sandwich|quasi|cluster:COL|none"))
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
    switch prior {
    case .flat: result.prior.density = .flat
    case .automatic: result.prior.density = .automatic
    case .jeffreys: result.prior.density = .jeffreys
    case .gaussian, nil: break
    }
    if let l2, prior != .jeffreys { result.prior.density = Specification.Prior.l2(l2).density }
    if let reference { result.reference = reference }
    if let stdErrors = stdErrors.given { result.standardErrors = stdErrors }
    return result
  }
}
