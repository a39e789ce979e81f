import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalProbability
import SurprisalTables

/// The settings of other programs that give the same estimates as the penalty of a fit.
///
/// The penalty here is λ/2 times the squared weights of all C classes, on the mean cross entropy
/// over the total weight W, intercepts unpenalised. Programs that fit one weight vector to two
/// classes penalise its square, which is twice the sum for our two opposite weight vectors; so for
/// C = 2 their λ is half of ours. For networks the programs are those with networks.
public struct PenaltyEquivalents: Sendable {
  /// The setting of one program.
  public struct Line: Sendable, Equatable {
    /// Its name.
    public let program: String
    /// The call, or the reason why there is none.
    public let setting: String
    /// The number in the call; nil if there is none.
    public let value: Double?
  }

  /// One line per program.
  public let lines: [Line]

  /// The equivalents of the prior of a fit with `classCount` classes.
  public init(_ record: FitRecord, classCount: Int) {
    let prior = record.specification.prior
    if record.training != nil {
      lines = Self.network(prior.lambda ?? 0, isBinary: classCount == 2)
    } else if let lambda = prior.lambda, let precision = prior.precision {
      lines = Self.gaussian(
        lambda, precision, record.statistics.totalWeight, isBinary: classCount == 2,
        isStandardized: prior.isStandardized)
    } else if prior.name == "jeffreys" {
      lines = Self.jeffreys(isBinary: classCount == 2)
    } else {
      lines = Self.flat
    }
  }

  private static func gaussian(
    _ lambda: Double, _ precision: Double, _ total: Double, isBinary: Bool, isStandardized: Bool
  ) -> [Line] {
    let share = isBinary ? 0.5 : 1.0
    let inverse = 1 / (share * lambda * total)
    let scaler = isStandardized ? ", after StandardScaler" : ""
    func line(_ program: String, _ value: Double, _ setting: (String) -> String) -> Line {
      Line(program: program, setting: setting("\(value)"), value: value)
    }
    let family = isBinary ? "binomial" : "multinomial"
    let deviation = (1 / (share * precision)).squareRoot()
    return [
      line("scikit-learn", inverse) { "LogisticRegression(C=\($0))\(scaler)" },
      line("glmnet", share * lambda) {
        "family = \"\(family)\", alpha = 0, lambda = \($0), standardize = "
          + (isStandardized ? "TRUE" : "FALSE")
      },
      line("PyTorch", share * lambda) {
        "SGD(weight_decay=\($0)) on the weight, not the bias, of a mean loss"
      },
      line("Keras", share * lambda / 2) { "kernel_regularizer=L2(\($0))" },
      line("Stan, brms", deviation) {
        "normal(0, \($0)) on "
          + (isBinary ? "each coefficient" : "each coefficient of every class, none held at 0")
      },
      Line(
        program: "nnet::multinom",
        setting: "none: decay penalises intercepts too, and contrasts in place of all classes",
        value: nil),
      Line(program: "statsmodels MNLogit", setting: "none: it has an L1 penalty alone", value: nil),
    ]
  }

  /// The rows of a batch of scikit-learn, by the number of which it divides its penalty.
  private static let batchOfSklearn = 200

  private static func network(_ lambda: Double, isBinary: Bool) -> [Line] {
    let alpha = lambda * Double(batchOfSklearn)
    return [
      isBinary
        ? Line(
          program: "scikit-learn", setting: "none: its network for two classes has one output",
          value: nil)
        : Line(
          program: "scikit-learn",
          setting: "MLPClassifier(alpha=\(alpha), batch_size=\(batchOfSklearn)), "
            + "after StandardScaler",
          value: alpha),
      Line(
        program: "PyTorch",
        setting: "SGD(weight_decay=\(lambda)) on weights, not biases, of a mean loss",
        value: lambda),
      Line(
        program: "Keras", setting: "kernel_regularizer=L2(\(lambda / 2)) for every layer",
        value: lambda / 2),
    ]
  }

  private static func jeffreys(isBinary: Bool) -> [Line] {
    [
      Line(
        program: "brglm2",
        setting: isBinary
          ? "glm(..., family = binomial, method = \"brglmFit\", type = \"MPL_Jeffreys\")"
          : "brmultinom(..., type = \"MPL_Jeffreys\")", value: nil),
      Line(
        program: isBinary ? "logistf" : "pmlr",
        setting: isBinary ? "logistf(...)" : "pmlr(..., penalized = TRUE)", value: nil),
      Line(program: "scikit-learn, glmnet", setting: "none", value: nil),
    ]
  }

  private static let flat = [
    Line(program: "scikit-learn", setting: "LogisticRegression(penalty=None)", value: nil),
    Line(program: "glmnet", setting: "lambda = 0", value: nil),
    Line(program: "nnet::multinom", setting: "decay = 0", value: nil),
    Line(program: "statsmodels", setting: "MNLogit(...).fit()", value: nil),
  ]

  /// The lines as text, indented.
  public var text: String {
    var table = TextTable(["the same penalty elsewhere", ""], leftColumns: 2)
    for line in lines { table.append([line.program, line.setting]) }
    return table.text()
  }

  /// The lines as JSON.
  public var json: JSONValue {
    .array(
      lines.map {
        .members([
          "program": .string($0.program), "setting": .string($0.setting),
          "value": JSONValue($0.value),
        ])
      })
  }

  /// The summary of a model with these lines as its member `equivalents`.
  public func added(to summary: JSONValue) -> JSONValue {
    guard case .object(var object) = summary else { return summary }
    object["equivalents"] = json
    return .object(object)
  }
}
