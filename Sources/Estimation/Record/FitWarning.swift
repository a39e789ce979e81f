import SurprisalOptimization

/// What a user should know of a fit that is no error. The sentences are in the module Diagnostics.
public enum FitWarning: Sendable, Equatable {
  /// A class that has the weight of a single row or less.
  case rareClass(name: String, weight: Double)
  /// More such classes than are worth a line each.
  case rareClasses([String])
  /// Whether the maximum exists could not be decided.
  case existenceUndecided(Existence.Indecision)
  /// A parameter of the likelihood is at the end of its range, in the words of the likelihood.
  case boundary(String)
  /// Several starts led to different optima: their objectives, ascending. The first is reported.
  case severalOptima([Double])
  /// What the likelihood says of itself.
  case caution(String)
  /// Features are fewer than needed to determine the coefficients.
  case rankDeficient(RankDeficiency)
  /// Rows to be predicted break a dependence of the columns of the fit; the first as an equation.
  case brokenDependence(rows: Int, of: Int, equation: String)
  /// Sparse features too large to look for columns that depend on others.
  case rankUnexamined
  /// There is no finite maximum.
  case separated(SeparationWarning)
  /// The solver stopped before its stopping rule was met.
  case notConverged(Termination)
  /// No pass over the rows bettered the random start of a network.
  case startWasBest
  /// The prior outweighs the labels: with all weights zero the objective would be lower.
  case priorOutweighsLabels(zeroObjective: Double)
  /// Which statistics of an ensemble are means over its members.
  case ensembleMeans(memberCount: Int, includesLogLikelihood: Bool)
  /// The hidden layers were chosen on rows held out.
  case layersChosen(LayerChoice)
  /// Isotonic regression sends small probabilities of some classes to zero.
  case impossibleClasses(count: Int, classCount: Int)
  /// The rows of a calibration look like those of the fit.
  case calibratedOnTrainingRows
  /// As a model file or a command has it.
  case recorded(code: String, message: String)
}

extension FitWarning {
  /// The most rare classes that get a warning of their own.
  public static let mostRareClasses = 5
}

/// Columns that depend on others.
public struct RankDeficiency: Sendable, Equatable {
  /// The rank, the intercept included.
  public var rank: Int
  /// The columns, the intercept included.
  public var columnCount: Int
  /// The rows; under frequencies, their sum.
  public var rowCount: Double
  /// How many columns are combinations of others.
  public var aliasedCount: Int
  /// The first few of them as equations: `"c" = "a" + "b"`.
  public var equations: [String]
}

/// What separates the classes, by name.
public struct SeparationWarning: Sendable, Equatable {
  /// Complete or quasi-complete.
  public var kind: Separation.Kind
  /// The columns along which classes separate; empty if the intercepts alone do.
  public var columns: [String]
  /// Classes between which all differences are finite, group by group.
  public var classGroups: [[String]]
  /// The rows on which it was verified.
  public var rowCount: Int
  /// Whether it was verified beyond rounding.
  public var isRigorous = true
  /// How many of the listed coefficients are infinite.
  public var infiniteCount: Int
  /// How many coefficients are listed.
  public var coefficientCount: Int
  /// The class they are compared with.
  public var reference: String
  /// Whether Jeffreys' prior would give finite estimates too.
  public var allowsJeffreys: Bool
}

/// In files a warning is a code word and a sentence, and is read as the case `recorded`. What
/// writes a file replaces the other cases first; encoding them is an error.
extension FitWarning: Codable {
  /// The names of the members in files.
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
