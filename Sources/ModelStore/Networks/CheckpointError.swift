import SurprisalTables

/// Why training cannot go on from a file.
public struct CheckpointError: Error, Sendable, Equatable {
  /// The file as messages call it.
  public let file: String
  /// What is wrong.
  public let problem: Problem

  /// What is wrong with a file.
  public enum Problem: Sendable, Equatable {
    /// `io.*` and `limit.memory`: the bytes cannot be had at all.
    case file(FileError)
    /// `checkpoint.foreign`: a finished model.
    case model
    /// `checkpoint.foreign`: something else, of which the kind may be known.
    case foreign(ForeignModel?)
    /// `checkpoint.damaged`: not what was written.
    case damaged(ModelFileError.Problem)

    static func of(_ problem: ModelFileError.Problem) -> Problem {
      switch problem {
      case .file(let error): .file(error)
      case .foreign(let kind): .foreign(kind)
      default: .damaged(problem)
      }
    }
  }

  /// Whether there is no such file: training then starts anew.
  public var isMissing: Bool {
    if case .file(.cannotOpen) = problem { true } else { false }
  }
}
