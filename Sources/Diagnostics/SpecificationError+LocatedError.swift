import SurprisalFitting
import SurprisalTables

extension SpecificationError: LocatedError {
  public var code: String { "specification.value" }
  public var details: [String] { [] }
  public var exitCode: Int32 { 65 }
  public var message: String { message { $0 } }

  /// The sentence, with properties named by `name`: the command uses its flags.
  public func message(naming name: (String) -> String) -> String {
    switch self {
    case .value(let property, let value, let domain):
      return "\(name(property)) takes \(domain.phrase), not \(EscapedText(value))"
    case .requires(let property, let value, let other):
      return "\(name(property)) \(value) needs \(name(other)) with a positive number"
    case .needsRowsHeldOut(let property):
      return "\(name(property)) \(Specification.Network.automatic) needs rows that are held out"
    case .conflict(let property, let other):
      return "\(name(property)) and \(name(other)) contradict each other"
    case .notOfModel(let property, let model):
      return "\(name(property)) has no effect for \(model.phrase)"
    case .notOfVotes(let property, let value):
      return "\(name(property))\(value.isEmpty ? "" : " \(value)") cannot be combined with votes, "
        + "whose annotators are fitted too"
    case .solver(let solver, let model):
      return "\(name("solver")) \(solver.rawValue) is not available for \(model.phrase)"
    case .needsBatches(let property):
      return
        "\(name(property)) cannot be combined with \(name("solver")) lbfgs, which uses all rows "
        + "at once"
    case .needsHiddenUnits(let property):
      return "\(name(property)) needs hidden units, but the network has none"
    case .likelihoodOption(let option, let likelihood):
      return
        "\(name("likelihood.options.\(option)")) is not an option of the \(likelihood) likelihood"
    case .likelihoodOptions(_, let likelihood):
      return "these options are not valid for the \(likelihood) likelihood"
    case .reference(let reference, _):
      return "\(name("reference")): \(EscapedText(reference)) is not a class"
    case .weightsOfUnknown(let names, _):
      let list = names.map { EscapedText($0).text }.joined(separator: ", ")
      return "\(name("labels.class_weights")) names unknown classes: \(list)"
    case .weightedFrequencies:
      return "\(name("labels.class_weights")) cannot be combined with frequencies"
    case .clusters(let column):
      return "standard errors by clusters of \(EscapedText(column)) need the clusters of the rows"
    case .strongPrior(let lambda):
      return
        "\(name("prior.l2")) \(lambda) is so large that the labels are below the rounding "
        + "of the objective"
    case .strongDecay(let decay, let rate):
      return "\(name("network.weight_decay")) \(decay) times the rate \(rate) exceeds 1: a step "
        + "would change the sign of a weight"
    case .validationRows(let share, let count):
      let isSmall = share * Double(count) < 1
      return "\(name("network.validation")) \(share) of \(count) "
        + "\(count == 1 ? "row" : "rows") leaves none for " + (isSmall ? "validation" : "training")
    }
  }

  /// The suggested remedy, if it is more than changing the value.
  public var suggestion: String? {
    switch self {
    case .value(_, let value, .words(let words)):
      EditDistance.question(about: value, among: words)
    case .likelihoodOption: "leave it out, or choose another likelihood"
    case .reference(let name, let classNames):
      EditDistance.question(about: name, among: classNames)
        ?? "the classes are \(classNames.prefix(20).joined(separator: ", "))"
    case .weightsOfUnknown(let names, let classNames):
      names.first.flatMap { EditDistance.question(about: $0, among: classNames) }
    case .solver(_, .softmax): "use auto, newton, newton-cg or lbfgs"
    case .solver(_, .network): "use adamw, sgd or lbfgs"
    case .strongPrior:
      "the largest value for a network is \(Specification.strongestNetworkPrior); useful strengths "
        + "are far below 1000"
    case .notOfVotes:
      "leave it out, or fit the evidence that surprisal aggregate makes of the votes"
    case .notOfModel, .needsBatches, .needsHiddenUnits: "leave it out"
    default: nil
    }
  }
}

extension SpecificationError.Domain {
  /// The allowed values, in words that follow "takes".
  public var phrase: String {
    switch self {
    case .notNegative: "a finite number that is not negative"
    case .positive: "a positive number"
    case .from(let least): "a number of at least \(least)"
    case .range(let least, let most): "a number from \(Self.text(least)) to \(Self.text(most))"
    case .betweenZeroAndOne: "a proportion between 0 and 1"
    case .belowOne: "a proportion from 0 to below 1"
    case .wholeNumbers(let least, let most): "a whole number from \(least) to \(most)"
    case .layers(let most, let units): "up to \(most) layers of 1 to \(units) units"
    case .twoNumbers: "two numbers that are not negative"
    case .words(let words): "one of \(words.joined(separator: ", "))"
    }
  }

  private static func text(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }
}

extension Specification.Model.Kind {
  /// The model in words.
  fileprivate var phrase: String {
    switch self {
    case .softmax: "softmax regression"
    case .network: "a network"
    }
  }
}
