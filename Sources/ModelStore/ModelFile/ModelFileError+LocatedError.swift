import SurprisalDiagnostics
import SurprisalTables

extension ModelFileError: LocatedError {
  /// The code word.
  public var code: String {
    switch problem {
    case .file(let error): error.code
    case .size, .nameLength: "model.limit"
    case .truncated: "model.truncated"
    case .checksum, .noChecksum: "model.checksum"
    case .version: "model.version"
    case .foreign: "model.foreign"
    case .syntax, .missingKey, .unknownKey, .kind, .word, .duplicate: "model.json"
    case .value: "model.values"
    case .shape: "model.shape"
    case .likelihood: "model.likelihood"
    }
  }

  /// 65; for input and output errors their own status.
  public var exitCode: Int32 {
    if case .file(let error) = problem { error.exitCode } else { 65 }
  }

  /// One sentence: the place, what was found, what was expected.
  public var message: String {
    if case .file(let error) = problem { return error.message }
    // Sentences whose subject is the file have no colon.
    let isSubject =
      switch problem {
      case .truncated, .foreign: true
      default: false
      }
    return
      "\(EscapedText(file).text)\(isSubject ? "" : ":") \(fileSentence ?? problem.contentSentence)"
  }

  /// Further facts, one per line.
  public var details: [String] {
    switch problem {
    case .file(let error): error.details
    case .likelihood(_, let known), .word(_, _, let known):
      ["known values are " + known.prefix(20).joined(separator: ", ")]
    default: []
    }
  }

  /// The suggested remedy.
  public var suggestion: String? {
    switch problem {
    case .file(let error): error.suggestion
    case .noChecksum: "'surprisal inspect' shows its content; repeat the fit to get a model"
    case .truncated, .checksum: "copy or download it again, or repeat the fit"
    case .version(_, let writer): "read it with \(EscapedText(writer).text) or a later release"
    case .foreign: "name a file that 'surprisal fit -o' wrote"
    case .likelihood: "read it with the release that wrote it, or a later one"
    case .value, .shape, .kind, .duplicate, .nameLength, .size: nil
    case .syntax, .missingKey, .unknownKey, .word:
      "the file was written by another program or changed by hand; repeat the fit"
    }
  }

  /// The sentence for problems of the whole file.
  private var fileSentence: String? {
    switch problem {
    case .size(let bytes, let limit):
      "a model file of \(bytes) bytes, the limit is \(limit)"
    case .truncated(let bytes):
      "ends after \(bytes) bytes, before the end of the model"
    case .checksum(let stored, let computed):
      "the checksum is \(EscapedText(stored)), that of the text is \"\(computed)\": "
        + "the file has changed since it was written"
    case .noChecksum:
      "it was edited or reformatted since it was written, so its checksum cannot be checked"
    case .version(let version, let writer):
      "version \(version) of the format, written by \(EscapedText(writer)); "
        + "this release reads up to version \(ModelFile.version)"
    case .foreign(let format?): "is \(format.rawValue), not a model of Surprisal"
    case .foreign(nil): "is not a model file"
    case .likelihood(let found, _): "the likelihood \(EscapedText(found)) is not known"
    default: nil
    }
  }
}

extension ModelFileError.Problem {
  /// The sentence for a problem at one place in the file.
  var contentSentence: String {
    switch self {
    case .syntax(let offset, let problem): "byte \(offset): \(problem.message)"
    case .nameLength(let path, let bytes, let limit):
      "\(EscapedText(path).text) is a name of \(bytes) bytes, the limit is \(limit)"
    case .missingKey(let path): "\(EscapedText(path).text) is missing"
    case .unknownKey(let path, _):
      "\(EscapedText(path).text) is not a key of version \(ModelFile.version) of the format"
    case .kind(let path, let expected, let found):
      "\(EscapedText(path).text) is \(found), expected \(expected)"
    case .word(let path, let found, _):
      "\(EscapedText(path).text) is \(EscapedText(found)), which is not known"
    case .duplicate(let path, let name):
      "\(EscapedText(path).text) has the name \(EscapedText(name)) twice"
    case .value(let path, let found):
      "\(EscapedText(path).text) is \(EscapedText(found).text), which is not a valid value"
    case .shape(let path, let expected, let found):
      "\(EscapedText(path).text) is \(found), expected \(expected)"
    case .checksum, .noChecksum: "the checksum does not match the content"
    case .size(let bytes, let limit): "\(bytes) bytes, the limit is \(limit)"
    default: "it cannot be read"
    }
  }
}
