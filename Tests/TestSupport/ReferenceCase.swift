/// A case of the reference answers: a data set, a penalty and the exact answer, whose fields are
/// described in `Tests/Reference/shared/README.md`.
public struct ReferenceCase: Sendable, CustomStringConvertible {
  /// The kind of label.
  public enum LabelKind: String, Sendable { case hard, soft, counts }

  /// The name of the case.
  public let id: String
  /// Every field.
  public let value: ReferenceValue

  /// Reads `reference/<id>.json`.
  public init(_ id: String) throws {
    self.id = id
    value = try ReferenceValue(shared: "reference/\(id).json")
  }

  public var description: String { id }

  /// The path of the data file in `SharedData`.
  public var dataPath: String { String(value["files"].array[0].text.dropFirst("shared/".count)) }

  /// The features by name; nil for all columns that are not labels.
  public var featureNames: [String]? {
    let names = value["features"].array.map(\.text)
    return names.isEmpty ? nil : names
  }

  /// The kind of label.
  public var labels: LabelKind { LabelKind(rawValue: value["label_kind"].text) ?? .hard }

  /// Whether the weight of a row of counts is its number of votes.
  public var weighsVotes: Bool { labels == .counts && value["weights"].text == "row_totals" }

  /// λ.
  public var lambda: Double { value["l2"].number }

  /// The minimum of the objective.
  public var objective: Double { value["objective"].number }

  /// C - 1 times the rank, the number of free coefficients.
  public var freedom: Double { (value["C"].number - 1) * value["design_rank"].number }

  /// W, one row per class, constrained such that the columns sum to zero over the classes.
  public var weights: [[Double]] {
    get throws {
      guard value["W_file"].exists else { return value["W"].array.map(\.numbers) }
      return try SharedTable.numberRows("reference/" + value["W_file"].text)
    }
  }

  /// The largest deviation of a fitted probability from the exact one; 1e-6 for badly conditioned
  /// cases.
  public var probabilityTolerance: Double {
    ["emotion6_l0", "music_l0", "yeast_cold_l0", "sjaffe_l1e-4"].contains(id) ? 1e-6 : 1e-7
  }
}

extension ReferenceCase {
  /// Cases of softmax regression on CSV files that take little time in a debug build.
  public static let small = [
    "alligators_full_l0", "alligators_full_l1e-2", "alligators_lake_size_l0", "housing_l0",
    "housing_l1e-2", "housing_uniform_l0", "iris_l1e-2", "iris_l1e-4", "pneumo_let_l0",
    "pneumo_time_l1e-4", "synth_dense_l0",
  ]

  /// The other cases of softmax regression on CSV files of the project.
  public static let large = [
    "cifar10h_intercept_l0", "digits_l1e-2", "digits_l1e-4", "music_l0", "music_l1e-2",
  ]

  /// Cases on CSV files that are not part of the project; see `needs`.
  public static let distant = [
    "emotion6_l0", "emotion6_l1e-2", "emotion6_l1e-4", "sjaffe_l1e-2", "sjaffe_l1e-4",
    "yeast_cold_l0", "yeast_cold_l1e-2", "yeast_cold_l1e-4",
  ]

  /// Those of the large and distant cases whose data files exist.
  public static var largeAtHand: [String] {
    (large + distant).filter { id in
      (try? ReferenceCase(id)).flatMap { SharedData.url($0.dataPath) } != nil
    }
  }
}
