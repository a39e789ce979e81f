import SurprisalTables

/// Why a model file cannot be read or written.
public struct ModelFileError: Error, Sendable, Equatable {
  /// The name of the file in messages.
  public let file: String
  /// The problem.
  public let problem: Problem

  /// The kinds of problem. Paths are positions in the JSON, such as `encoding.sources[2].name`.
  public enum Problem: Error, Sendable, Equatable {
    /// `io.*` and `limit.memory`: the bytes cannot be read.
    case file(FileError)
    /// `model.limit`: the file is larger than the limit.
    case size(bytes: Int, limit: Int)
    /// `model.limit`: a name is longer than the limit.
    case nameLength(path: String, bytes: Int, limit: Int)
    /// `model.truncated`: the file is incomplete.
    case truncated(bytes: Int)
    /// `model.checksum`: the text has changed since it was written.
    case checksum(stored: String, computed: String)
    /// `model.checksum`: the text has no checksum in the required form.
    case noChecksum
    /// `model.version`: the file has a later version of the format.
    case version(Int, writer: String)
    /// `model.foreign`: not a model file of Surprisal; the other tool, if known.
    case foreign(ForeignModel?)
    /// `model.json`: the text is not JSON.
    case syntax(byteOffset: Int, FileError.JSONProblem)
    /// `model.json`: a key is missing.
    case missingKey(path: String)
    /// `model.json`: a key that this version does not have, and the keys that are allowed there.
    case unknownKey(path: String, known: [String])
    /// `model.json`: a value of the wrong kind.
    case kind(path: String, expected: String, found: String)
    /// `model.json`: a word that is not among the allowed ones.
    case word(path: String, found: String, known: [String])
    /// `model.json`: two names in a list are equal.
    case duplicate(path: String, name: String)
    /// `model.values`: a number that is missing, not finite or out of range.
    case value(path: String, found: String)
    /// `model.shape`: a list has the wrong length, or an index is out of range.
    case shape(path: String, expected: String, found: Int)
    /// `model.likelihood`: a likelihood that this release does not have.
    case likelihood(found: String, known: [String])
  }
}
