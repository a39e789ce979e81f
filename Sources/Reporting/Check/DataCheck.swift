import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalTables

/// The findings of `check` for a file: the columns and, if labels were named, the data set, or the
/// reason why it cannot be fitted.
public struct DataCheck: Sendable {
  /// The columns.
  public let table: TableProfile
  /// The data set; nil if no labels were named or it cannot be fitted.
  public let dataset: DatasetProfile?
  /// The reason why it cannot be fitted.
  public let problem: (any LocatedError)?
  /// The warnings from reading the data.
  public let notices: [DataWarning]
  /// The suggested next command.
  public var next: String?
  /// The largest number of rows of a printed table; nil prints all.
  public var rowLimit: Int? = 60

  /// Creates the findings.
  public init(
    table: TableProfile, dataset: DatasetProfile?, problem: (any LocatedError)? = nil,
    notices: [DataWarning] = [], next: String? = nil
  ) {
    self.table = table
    self.dataset = dataset
    self.problem = problem
    self.notices = notices
    self.next = next
  }

  /// Whether a flat prior leaves some coefficients undetermined or infinite.
  public var needsPrior: Bool {
    guard let dataset else { return false }
    if case .separated = dataset.existence { return true }
    return !dataset.aliased.isEmpty
  }

  /// Warnings for the user, one sentence each.
  public var remarks: [WarningText] {
    var result = notices.map { WarningText(code: $0.code, message: $0.message) }
    for column in table.columns where column.role == .feature && column.isConstant {
      let what = column.content == .nothing ? "has no values" : "is the same in every row"
      result.append(
        WarningText(
          code: "fit.aliased",
          message: "column \(EscapedText(column.name)) \(what): it tells nothing about the class"))
    }
    if table.subnormalCount > 0 {
      result.append(
        WarningText(
          code: "number.subnormal",
          message:
            "\(table.subnormalCount) numbers are nearer to zero than 2.2e-308 and have fewer "
            + "than 16 digits"))
    }
    let rare = rareClasses
    if rare.count > FitWarning.mostRareClasses {
      result.append(FitWarning.rareClasses(rare.map(\.name)).text)
      return result
    }
    for profile in rare {
      result.append(
        WarningText(
          code: "label.rare",
          message: "class \(EscapedText(profile.name)) has a mass of only "
            + NumberText.significant(profile.weight)))
    }
    return result
  }

  private var rareClasses: [DatasetProfile.ClassProfile] {
    guard let dataset, dataset.labelKind == .classes || dataset.labelKind == .counts else {
      return []
    }
    return dataset.classes.filter { $0.weight <= 1 }
  }
}
