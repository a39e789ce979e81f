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
      return "\(name(property)) means nothing for \(model.phrase)"
    case .solver(let solver, let model):
      return "\(name("solver")) \(solver.rawValue) does not fit \(model.phrase)"
    case .needsBatches(let property):
      return
        "\(name(property)) does not go with \(name("solver")) lbfgs, which sees all rows at once"
    case .needsHiddenUnits(let property):
      return "\(name(property)) is about hidden units, of which the network has none"
    case .likelihoodOption(let option, let likelihood):
      return "\(name("likelihood.options.\(option)")) does not go with the \(likelihood) likelihood"
    case .likelihoodOptions(_, let likelihood):
      return "the \(likelihood) likelihood cannot have these options"
    case .reference(let reference, _):
      return "\(name("reference")) names no class: \(EscapedText(reference))"
    case .weightsOfUnknown(let names, _):
      let list = names.map { EscapedText($0).text }.joined(separator: ", ")
      return "\(name("labels.class_weights")) names no class: \(list)"
    case .weightedFrequencies:
      return "\(name("labels.class_weights")) makes importance weights, which frequencies are not"
    case .clusters(let column):
      return "standard errors by the clusters of \(EscapedText(column)) need these clusters"
    case .strongPrior(let lambda):
      return
        "\(name("prior.l2")) \(lambda) leaves nothing of the labels: they are below the rounding "
        + "of the objective"
    case .strongDecay(let decay, let rate):
      return "\(name("network.weight_decay")) \(decay) times the rate \(rate) is above 1: a step "
        + "would take more from a weight than there is"
    case .validationRows(let share, let count):
      let isSmall = share * Double(count) < 1
      return "\(name("network.validation")) \(share) of \(count) "
        + "\(count == 1 ? "row" : "rows") leaves none to " + (isSmall ? "validate by" : "train on")
    }
  }

  /// The suggested remedy, if it is more than changing the value.
  public var suggestion: String? {
    switch self {
    case .value(_, let value, .words(let words)):
      EditDistance.nearest(to: value, among: words).map { "did you mean \(EscapedText($0))?" }
    case .likelihoodOption: "leave it out, or choose another likelihood"
    case .reference(let name, let classNames):
      EditDistance.nearest(to: name, among: classNames)
        .map { "did you mean \(EscapedText($0))?" }
        ?? "the classes are \(classNames.prefix(20).joined(separator: ", "))"
    case .weightsOfUnknown(let names, let classNames):
      names.first.flatMap { EditDistance.nearest(to: $0, among: classNames) }
        .map { "did you mean \(EscapedText($0))?" }
    case .solver(_, .softmax): "take auto, newton, newton-cg or lbfgs"
    case .solver(_, .network): "take adamw, sgd or lbfgs"
    case .strongPrior:
      "a network takes up to \(Specification.strongestNetworkPrior); useful strengths are far "
        + "below "
        + "1000"
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
    case .from(let least): "a number from \(least) on"
    case .range(let least, let most): "a number from \(Self.text(least)) to \(Self.text(most))"
    case .betweenZeroAndOne: "a share between 0 and 1"
    case .belowOne: "a share from 0 to below 1"
    case .wholeNumbers(let least, let most): "a whole number from \(least) to \(most)"
    case .layers(let most, let units): "up to \(most) layers of 1 to \(units) units"
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
