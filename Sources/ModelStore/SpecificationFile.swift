import SurprisalDiagnostics
import SurprisalFitting
import SurprisalTables

/// Why JSON is not a valid specification.
public struct SpecificationFileError: Error, Sendable, Equatable {
  /// The kinds of problem. A path is a position in the JSON, such as `network.hidden`.
  public enum Problem: Error, Sendable, Equatable {
    /// The file cannot be read, or is not JSON.
    case file(FileError)
    /// An unknown key.
    case unknownKey(path: String, known: [String])
    /// A value of the wrong kind.
    case kind(path: String, expected: String, found: String)
    /// A value outside the allowed domain.
    case value(SpecificationError)
  }

  /// The name of the file in messages.
  public let file: String
  /// The problem.
  public let problem: Problem
}

extension Specification {
  /// The specification in a JSON object: missing members have their defaults, unknown ones are
  /// refused. `name` is the name of the text in errors.
  public init(json text: String, name: String = "JSON") throws(SpecificationFileError) {
    try self.init(json: Array(text.utf8), name: name)
  }

  /// The specification in a JSON file.
  public init(contentsOf file: InputFile) throws(SpecificationFileError) {
    let bytes: [UInt8]
    do throws(ModelFileError) {
      bytes = try ModelFile.content(of: file)
    } catch {
      guard case .file(let problem) = error.problem else {
        throw SpecificationFileError(
          file: file.name,
          problem: .kind(path: "", expected: "a specification", found: "a very large file"))
      }
      throw SpecificationFileError(file: file.name, problem: .file(problem))
    }
    try self.init(json: bytes, name: file.name)
  }

  private init(json bytes: [UInt8], name: String) throws(SpecificationFileError) {
    do {
      let value = try JSONParser().parse(bytes, source: name)
      let specification = try JSONValueDecoder().decode(Specification.self, from: value)
      try specification.validate()
      self = specification
    } catch let error as FileError {
      throw SpecificationFileError(file: name, problem: .file(error))
    } catch let error as SpecificationError {
      throw SpecificationFileError(file: name, problem: .value(error))
    } catch ModelFileError.Problem.unknownKey(let path, let known) {
      throw SpecificationFileError(file: name, problem: .unknownKey(path: path, known: known))
    } catch ModelFileError.Problem.kind(let path, let expected, let found) {
      throw SpecificationFileError(
        file: name, problem: .kind(path: path, expected: expected, found: found))
    } catch ModelFileError.Problem.value(let path, let found) {
      throw SpecificationFileError(
        file: name, problem: .kind(path: path, expected: "a number within its range", found: found))
    } catch {
      throw SpecificationFileError(
        file: name, problem: .kind(path: "", expected: "a specification", found: "\(error)"))
    }
  }

  /// The JSON object with every member; `Specification(json:)` reads it back.
  public var json: JSONValue { .encoding(self) }
}

extension SpecificationFileError: LocatedError {
  /// The code word: that of a file error or of the invalid value, or `specification.json`.
  public var code: String {
    switch problem {
    case .file(.json): "specification.json"
    case .file(let error): error.code
    case .value(let error): error.code
    case .unknownKey, .kind: "specification.json"
    }
  }

  public var message: String {
    let name = EscapedText(file).text
    switch problem {
    case .file(let error): return error.message
    case .unknownKey(let path, _):
      return "\(name): a specification has no member \(EscapedText(path))"
    case .kind(let path, let expected, let found):
      let place = path.isEmpty ? name : "\(name): \(EscapedText(path))"
      return "\(place) takes \(expected), not \(found)"
    case .value(let error): return "\(name): \(error.message)"
    }
  }

  public var details: [String] {
    if case .file(let error) = problem { error.details } else { [] }
  }

  public var suggestion: String? {
    switch problem {
    case .file(let error): return error.suggestion
    case .unknownKey(let path, let known):
      let key = path.split(separator: ".").last.map(String.init) ?? path
      return EditDistance.question(about: key, among: known)
        ?? "its members are \(known.joined(separator: ", "))"
    case .kind: return nil
    case .value(let error): return error.suggestion
    }
  }

  public var exitCode: Int32 {
    if case .file(let error) = problem { error.exitCode } else { 65 }
  }
}

extension FittedModel {
  /// Writes the model to a file atomically, without a covariance that is too large. Throws as
  /// `ModelFile.write` does.
  public func write(to path: String) throws(ModelFileError) {
    try ModelFile.write(forKeeping, to: AtomicFile(path))
  }
}
