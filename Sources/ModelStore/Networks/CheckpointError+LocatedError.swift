import SurprisalDiagnostics
import SurprisalTables

extension CheckpointError: LocatedError {
  /// The code word.
  public var code: String {
    switch problem {
    case .file(let error): error.code
    case .model, .foreign: "checkpoint.foreign"
    case .damaged: "checkpoint.damaged"
    }
  }

  /// 65; for input and output errors their own status.
  public var exitCode: Int32 {
    if case .file(let error) = problem { error.exitCode } else { 65 }
  }

  /// One sentence: what the file is instead of a checkpoint.
  public var message: String {
    let name = EscapedText(file).text
    switch problem {
    case .file(let error): return error.message
    case .model: return "\(name) is a model, not a training checkpoint"
    case .foreign(let kind?): return "\(name) is \(kind.rawValue), not a training checkpoint"
    case .foreign(nil): return "\(name) is not a training checkpoint, or its beginning is missing"
    case .damaged(.truncated(let bytes)):
      return "the checkpoint \(name) ends after \(bytes) bytes, before its end"
    case .damaged: return "the checkpoint \(name) is damaged: it has changed since it was written"
    }
  }

  /// Further facts, one per line.
  public var details: [String] {
    switch problem {
    case .file(let error): error.details
    case .damaged(.truncated), .model, .foreign: []
    case .damaged(let problem): [problem.contentSentence]
    }
  }

  /// The suggested remedy.
  public var suggestion: String? {
    switch problem {
    case .file(let error): error.suggestion
    case .model, .foreign:
      "name the file that \(CommandFlag.checkpoint) wrote, or start again without "
        + "\(CommandFlag.resume)"
    case .damaged: "start again without \(CommandFlag.resume), or restore a copy of the checkpoint"
    }
  }
}
