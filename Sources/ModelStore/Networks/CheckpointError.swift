import SurprisalTables

/// Why training cannot be resumed from a file.
public struct CheckpointError: Error, Sendable, Equatable {
  /// The name of the file in messages.
  public let file: String
  /// The problem.
  public let problem: Problem

  /// The kinds of problem.
  public enum Problem: Sendable, Equatable {
    /// `io.*` and `limit.memory`: the bytes cannot be read.
    case file(FileError)
    /// `checkpoint.foreign`: the file is a finished model.
    case model
    /// `checkpoint.foreign`: the file is something else; the kind, if known.
    case foreign(ForeignModel?)
    /// `checkpoint.damaged`: the content has changed since it was written.
    case damaged(ModelFileError.Problem)

    static func of(_ problem: ModelFileError.Problem) -> Problem {
      switch problem {
      case .file(let error): .file(error)
      case .foreign(let kind): .foreign(kind)
      default: .damaged(problem)
      }
    }
  }

  /// Whether the file does not exist: training then starts from the beginning.
  public var isMissing: Bool {
    if case .file(.cannotOpen) = problem { true } else { false }
  }
}
