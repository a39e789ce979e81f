extension InterchangeError {
  /// What is wrong with a line of a LIBSVM file.
  public enum LIBSVMProblem: Error, Equatable {
    /// `libsvm.syntax`: what was expected at a byte of the line, counted from 1, and what stands
    /// there.
    case syntax(offset: Int, expected: String, found: String)
    /// `libsvm.order`: an index that is not larger than the one before.
    case order(token: String, previous: Int)
    /// `libsvm.base`: index 0 for a model whose features count from 1.
    case base
    /// `model.features`: an index beyond the features of the model.
    case unseen(index: Int, largest: Int)
    /// `model.features`: a feature of the model that no index can give.
    case notAnIndex(feature: String)
  }
}

extension InterchangeError.LIBSVMProblem {
  var code: String {
    switch self {
    case .syntax: "libsvm.syntax"
    case .order: "libsvm.order"
    case .base: "libsvm.base"
    case .unseen, .notAnIndex: "model.features"
    }
  }

  var message: String {
    switch self {
    case .syntax(let offset, let expected, let found):
      "byte \(offset): expected \(expected), found \(Excerpt(found))"
    case .order(let token, let previous):
      "\(Excerpt(token)) follows index \(previous), expected ascending indices"
    case .base: "feature index 0, but the features of the model count from 1"
    case .unseen(let index, let largest):
      "feature \(index), but the model was fitted on features up to \(largest)"
    case .notAnIndex(let feature):
      "the model has the feature \(Excerpt(feature)), which is no index of a LIBSVM file"
    }
  }

  var cure: String {
    switch self {
    case .syntax: "a line is a label, then index:value with spaces between"
    case .order: "sort the features of each row by their index, each at most once"
    case .base: "add 1 to every index, or fit again with indices from 0"
    case .unseen: "fit again on these features, or leave them out with --ignore-unseen"
    case .notAnIndex: "give the data as a table with the columns of the model"
    }
  }
}
