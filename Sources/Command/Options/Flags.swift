import ArgumentParser
import Surprisal

/// The flags that set the properties of a specification.
enum Flags {
  private static let special = [
    "prior.name": "--prior", "prior.l2": "--l2", "prior.standardized": "--standardize",
    "intercept": "--no-intercept", "standard_errors": "--std-errors",
    "maximum_iterations": "--max-iterations", "likelihood.name": "--likelihood",
    "likelihood.options.precision": "--precision", "likelihood.options.confusion": "--confusion",
    "labels.smoothing": "--label-smoothing", "labels.temperature": "--label-temperature",
    "labels.class_weights": "--class-weight", "pseudo_counts": "--pseudo-counts",
    "labels.count_weight": "--count-weight",
    "dataset.single": "--float32",
  ]
  private static let plain = ["model", "solver", "tolerance", "restarts", "seed", "reference"]
  private static let network = "network."

  /// The flag of a property; nil if there is none.
  static func flag(of property: String) -> String? {
    if let flag = special[property] { return flag }
    if plain.contains(property) { return "--" + property }
    guard property.hasPrefix(network) else { return nil }
    return "--" + property.dropFirst(network.count).replacing("_", with: "-")
  }

  /// The flag of a property, or the property.
  static func name(of property: String) -> String { flag(of: property) ?? property }

  /// Runs a check of given values while arguments are parsed.
  static func validating(_ check: () throws(SpecificationError) -> Void) throws {
    do throws(SpecificationError) {
      try check()
    } catch {
      guard case .value(let property, _, let domain) = error else { throw UsageError(error) }
      throw ValidationError("\(name(of: property)) takes \(domain.phrase)")
    }
  }
}

extension Specification {
  /// Runs a check of this specification; its error is one of usage, with the names of flags.
  func checking(_ check: (Specification) throws -> Void = { try $0.validate() }) throws {
    do { try check(self) } catch let error as SpecificationError { throw UsageError(error) }
  }
}

extension UsageError {
  /// An option of networks in a fit of another model.
  init(forNetworksOnly flag: String) {
    self.init(
      "\(flag) is an option of networks", suggestion: "add --model mlp, or leave it out")
  }

  /// The error of a specification, with the names of flags.
  init(_ error: SpecificationError) {
    let message = error.message { Flags.name(of: $0) }
    switch error {
    case .notOfModel(let property, .network):
      let flag = property == "prior.name" ? "--prior jeffreys" : Flags.name(of: property)
      self.init(
        "\(flag) has no effect for a network, which has no coefficients",
        suggestion: "leave it out, or fit --model softmax")
    case .notOfModel("prior.name", .softmax):
      self.init(
        "--prior auto chooses the prior of a network",
        suggestion: "add --model mlp, or give --l2 LAMBDA, which cv can choose")
    case .solver(let solver, .network):
      self.init(
        "--solver \(solver.rawValue) does not train networks", suggestion: error.suggestion)
    case .solver(let solver, .softmax):
      self.init(
        "--solver \(solver.rawValue) is for networks",
        suggestion: "add --model mlp, or take auto, newton, newton-cg or lbfgs")
    case .needsBatches(let property): self.init(needingBatches: Flags.name(of: property))
    case .needsHiddenUnits("network.skip"):
      self.init(
        "--skip means nothing with --hidden none: the features enter the logits directly as it is",
        suggestion: "leave it out, or give --hidden the units of each layer")
    case .needsHiddenUnits(let property): self.init(needingHiddenUnits: Flags.name(of: property))
    case .likelihoodOption:
      self.init(message, suggestion: "leave it out, or choose another --likelihood")
    case .likelihoodOptions(let options, _):
      self.init(message, details: options.keys.sorted().map { "\($0): \(options[$0] ?? [])" })
    case .strongDecay(_, let rate):
      self.init(
        message,
        suggestion: "give at most \(NumberText.significant(1 / rate)), or a lower --learning-rate")
    case .validationRows(_, let count):
      self.init(
        message,
        suggestion: count < 2
          ? "there is nothing to hold out: give a file of validation rows, or leave it out"
          : "shares from \(NumberText.significant(1 / Double(count), 3)) to "
            + "\(NumberText.significant(1 - 1 / Double(count), 3)) leave at least one row of each")
    default: self.init(message, suggestion: error.suggestion)
    }
  }

  /// A flag of training in batches, used with a solver that takes all rows at once.
  init(needingBatches flag: String) {
    self.init(
      "\(flag) does not go with --solver lbfgs, which sees all rows at once",
      suggestion: "leave it out, or take --solver adamw")
  }

  /// A flag of hidden units, used without hidden layers.
  init(needingHiddenUnits flag: String) {
    self.init(
      "\(flag) is about hidden units, of which --hidden none has none",
      suggestion: "leave it out, or give --hidden the units of each layer")
  }
}
