import SurprisalTables

/// Why a model file cannot be read or written.
public struct ModelFileError: Error, Sendable, Equatable {
  /// The file as messages call it.
  public let file: String
  /// What is wrong.
  public let problem: Problem

  /// An error.
  public init(file: String, problem: Problem) {
    self.file = file
    self.problem = problem
  }

  /// What is wrong with a file. Paths are places in the JSON, such as `encoding.sources[2].name`.
  public enum Problem: Error, Sendable, Equatable {
    /// `io.*` and `limit.memory`: the bytes cannot be had at all.
    case file(FileError)
    /// `model.limit`: the file is larger than the limit.
    case size(bytes: Int, limit: Int)
    /// `model.limit`: a name is longer than the limit.
    case nameLength(path: String, bytes: Int, limit: Int)
    /// `model.truncated`: the file ends early.
    case truncated(bytes: Int)
    /// `model.checksum`: the text is not the one that was written.
    case checksum(stored: String, computed: String)
    /// `model.checksum`: the text has no checksum in the form in which files are written.
    case noChecksum
    /// `model.version`: a later version of the format.
    case version(Int, writer: String)
    /// `model.foreign`: no model file of Surprisal; of another tool, if it is known which.
    case foreign(ForeignModel?)
    /// `model.json`: the text is not JSON.
    case syntax(byteOffset: Int, FileError.JSONProblem)
    /// `model.json`: a key is not there.
    case missingKey(path: String)
    /// `model.json`: a key that this version does not have, and those that may be in its place.
    case unknownKey(path: String, known: [String])
    /// `model.json`: a value of another kind than it must be.
    case kind(path: String, expected: String, found: String)
    /// `model.json`: a word that is none of those it may be.
    case word(path: String, found: String, known: [String])
    /// `model.json`: two names of one list are alike.
    case duplicate(path: String, name: String)
    /// `model.values`: a number that is missing, not finite or out of its range.
    case value(path: String, found: String)
    /// `model.shape`: a list is of the wrong length, or an index refers to nothing.
    case shape(path: String, expected: String, found: Int)
    /// `model.likelihood`: a likelihood that this release does not know.
    case likelihood(found: String, known: [String])
  }
}
