import SurprisalAnnotation
import SurprisalOptimization

/// Warnings of a fit. Diagnostics has the sentences.
public enum FitWarning: Sendable, Equatable {
  /// A class has at most the weight of a single row.
  case rareClass(name: String, weight: Double)
  /// There are too many such classes for a warning each.
  case rareClasses([String])
  /// Whether the maximum exists could not be decided.
  case existenceUndecided(Existence.Indecision)
  /// A parameter of the likelihood is at the boundary of its range, as described by the likelihood.
  case boundary(String)
  /// Several starts led to different optima: their objectives, ascending. The first is reported.
  case severalOptima([Double])
  /// The caution of the likelihood.
  case caution(String)
  /// There are fewer independent features than needed to determine the coefficients.
  case rankDeficient(RankDeficiency)
  /// Rows to be predicted violate a dependence between columns of the fit; the first one as an
  /// equation.
  case brokenDependence(rows: Int, of: Int, equation: String)
  /// Sparse features were too large to search for dependent columns.
  case rankUnexamined
  /// There is no finite maximum.
  case separated(SeparationWarning)
  /// So many digits are left by rounding: of the coefficients in units of their standard errors,
  /// and of these.
  case fewDigits(coefficients: Int, standardErrors: Int)
  /// The solver stopped before its stopping rule was met.
  case notConverged(Termination)
  /// No pass over the rows improved on the random start of a network.
  case startWasBest
  /// The prior outweighs the labels: the objective would be lower with all weights zero.
  case priorOutweighsLabels(zeroObjective: Double)
  /// Some statistics of an ensemble are means over its members.
  case ensembleMeans(memberCount: Int, includesLogLikelihood: Bool)
  /// The hidden layers were chosen on held-out rows.
  case layersChosen(LayerChoice)
  /// The strength of the prior of a network was chosen on held-out rows.
  case priorChosen(PriorChoice)
  /// Isotonic regression maps small probabilities of some classes to zero.
  case impossibleClasses(count: Int, classCount: Int)
  /// The rows of a calibration seem to be the training rows of the fit.
  case calibratedOnTrainingRows
  /// The votes of a joint fit.
  case votes(AggregationWarning)
  /// The confusion matrices of annotators still changed after the last round of training.
  case annotatorsUnsettled(rounds: Int)
  /// The text of a model file or a command.
  case recorded(code: String, message: String)
}

extension FitWarning {
  /// The largest number of rare classes with a warning each.
  public static let mostRareClasses = 5
}

/// Columns that depend on others.
public struct RankDeficiency: Sendable, Equatable {
  /// The rank, including the intercept.
  public var rank: Int
  /// The number of columns, including the intercept.
  public var columnCount: Int
  /// The number of rows; under frequencies, their sum.
  public var rowCount: Double
  /// The number of columns that are linear combinations of others.
  public var aliasedCount: Int
  /// The first few of these as equations: `"c" = "a" + "b"`.
  public var equations: [String]
}

/// The separation of classes, by name.
public struct SeparationWarning: Sendable, Equatable {
  /// Complete or quasi-complete.
  public var kind: Separation.Kind
  /// The columns along which classes are separated; empty if only the intercepts are involved.
  public var columns: [String]
  /// Classes between which all differences are finite, group by group.
  public var classGroups: [[String]]
  /// The number of rows on which it was verified.
  public var rowCount: Int
  /// Whether it was verified beyond rounding.
  public var isRigorous = true
  /// The number of listed coefficients that are infinite.
  public var infiniteCount: Int
  /// The number of listed coefficients.
  public var coefficientCount: Int
  /// The reference class of the coefficients.
  public var reference: String
  /// Whether Jeffreys' prior would give finite estimates too.
  public var allowsJeffreys: Bool
}

/// In files a warning is a code word and a sentence, and is read as the case `recorded`. File
/// writers convert the other cases first; encoding them is an error.
extension FitWarning: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey { case code, message }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self = .recorded(
      code: try container.decode(String.self, forKey: .code),
      message: try container.decode(String.self, forKey: .message))
  }

  public func encode(to encoder: any Encoder) throws {
    guard case .recorded(let code, let message) = self else {
      throw EncodingError.invalidValue(
        self, .init(codingPath: encoder.codingPath, debugDescription: "a warning without words"))
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(code, forKey: .code)
    try container.encode(message, forKey: .message)
  }
}
