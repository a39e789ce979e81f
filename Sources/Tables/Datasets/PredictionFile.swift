import SurprisalLinearAlgebra
import SurprisalProbability

/// Anybody's predictions: a file with one column of probabilities for each class.
public struct PredictionFile: Sendable {
  private let file: InputFile
  private let columns: ColumnPattern
  private let options: DelimitedOptions

  /// A file and the columns in it.
  public init(
    _ file: InputFile, columns: ColumnPattern, options: DelimitedOptions = DelimitedOptions()
  ) {
    self.file = file
    self.columns = columns
    // A format that was named is that of the data.
    var options = options
    options.format = nil
    self.options = options
  }

  /// The classes and the probabilities, checked like labels: rows sum to one within 1e-5 and are
  /// divided by their sum.
  public func read() throws -> (classNames: [String], probabilities: ClassProbabilities) {
    var roles = ColumnRoles(labels: .probabilities(columns))
    roles.features = ColumnPattern("")
    let loaded = try DatasetReader(roles: roles, delimited: options).read(file)
    guard case .probabilities(let probabilities) = loaded.dataset.labels else {
      preconditionFailure("probability columns give probabilities")
    }
    return (loaded.dataset.classNames, probabilities)
  }
}
