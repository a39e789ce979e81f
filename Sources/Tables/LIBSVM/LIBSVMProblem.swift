extension FileError {
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
