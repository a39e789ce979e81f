/// The formats of tables.
public enum TableFormat: String, Sendable, CaseIterable {
  /// Text with commas between the fields.
  case csv
  /// Text with tabs between the fields.
  case tsv
  /// A NumPy array.
  case npy
  /// A label, then `index:value` for each feature that is not zero.
  case libsvm

  /// What the extension of a name says; anything it does not know is delimited text.
  public init(fileExtension: String) {
    switch fileExtension {
    case "npy": self = .npy
    case "libsvm", "svm", "svmlight": self = .libsvm
    case "tsv", "tab": self = .tsv
    default: self = .csv
    }
  }
}
