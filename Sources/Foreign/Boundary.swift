import SurprisalCalibration
import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalFitting
import SurprisalForeignHeader
import SurprisalProbability
import SurprisalTables

/// A call without a result.
enum CallError: LocatedError {
  /// An invalid argument.
  case argument(String)
  /// The caller stopped the fit.
  case stopped

  var code: String {
    switch self {
    case .argument: "call.argument"
    case .stopped: "call.stopped"
    }
  }

  var message: String {
    switch self {
    case .argument(let message): message
    case .stopped: "the fit was stopped by its caller"
    }
  }

  var details: [String] { [] }
  var suggestion: String? { nil }
  var exitCode: Int32 { 64 }
}

/// An error as passed to the caller: texts with a final zero that live as long as the object.
final class ForeignError {
  let code: UnsafeMutablePointer<CChar>
  let message: UnsafeMutablePointer<CChar>
  let suggestion: UnsafeMutablePointer<CChar>

  init(_ error: any LocatedError) {
    code = copied(error.code)
    message = copied(error.message)
    // Suggestions with command line options are useless for a caller.
    let suggestion = error.suggestion.flatMap { $0.hasOption ? nil : $0 }
    self.suggestion = copied(
      (error.details + [suggestion].compactMap { $0 }).joined(separator: "\n"))
  }

  deinit { for text in [code, message, suggestion] { text.deallocate() } }
}

extension String {
  /// Whether the text contains an option of the command line.
  fileprivate var hasOption: Bool {
    var (dashes, isStart) = (0, true)
    for byte in utf8 {
      dashes = byte == UInt8(ascii: "-") && (isStart || dashes > 0) ? dashes + 1 : 0
      if dashes == 2 { return true }
      isStart = byte == UInt8(ascii: " ")
    }
    return false
  }
}

/// A fitted model as passed to the caller.
final class ForeignModel {
  let model: FittedModel

  init(_ model: FittedModel) { self.model = model }
}

/// Runs a library function for a caller and converts an error to a status and a handle.
func answering(
  _ error: UnsafeMutablePointer<OpaquePointer?>?, _ body: () throws -> Void
) -> Int32 {
  error?.pointee = nil
  do {
    try body()
    return Int32(SURPRISAL_OK)
  } catch let problem {
    error?.pointee = handle(ForeignError(located(problem)))
    if case CallError.stopped = problem { return Int32(SURPRISAL_STOPPED) }
    return Int32(SURPRISAL_FAILED)
  }
}

/// The error with its code word. Data errors refer to arrays, whose rows count from 0.
func located(_ error: any Error) -> any LocatedError {
  switch error {
  case let error as ArrayFault: error.diagnosis
  case let error as DatasetError: ArrayFault(error, classNames: []).diagnosis
  case let error as LabelError: ArrayFault(.label(error), classNames: []).diagnosis
  case let error as CalibrationError:
    CalibrationDiagnosis(error, in: .arrays(classNames: []), classNames: [])
  case let error as any LocatedError: error
  default: CallError.argument("\(error)")
  }
}

/// An error in arrays of data.
struct ArrayFault: Error {
  let error: DatasetError
  let classNames: [String]

  init(_ error: DatasetError, classNames: [String]) {
    self.error = error
    self.classNames = classNames
  }

  var diagnosis: DataDiagnosis { DataDiagnosis(error, in: .arrays(classNames: classNames)) }
}

extension DataSource {
  /// The data source of the caller's arrays.
  static func arrays(classNames: [String]) -> DataSource { DataSource(arraysOf: classNames) }
}

/// Converts an object to a handle and retains it; `taken` releases it.
func handle(_ object: AnyObject) -> OpaquePointer {
  OpaquePointer(Unmanaged.passRetained(object).toOpaque())
}

/// The object of a handle, which remains valid.
func object<Object: AnyObject>(_ type: Object.Type, _ handle: OpaquePointer?) -> Object? {
  handle.map { Unmanaged<Object>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
}

/// The model of a handle.
func model(_ handle: OpaquePointer?) throws(CallError) -> FittedModel {
  guard let model = object(ForeignModel.self, handle) else {
    throw .argument("the model is NULL")
  }
  return model.model
}

/// A copy of a text that the caller frees; it ends at the first zero byte.
func copied(_ text: String) -> UnsafeMutablePointer<CChar> {
  let bytes = text.utf8
  let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
  for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
  copy[bytes.count] = 0
  return copy
}

/// A text passed by the caller.
func text(_ pointer: UnsafePointer<CChar>?, _ what: String) throws(CallError) -> String {
  guard let pointer else { throw .argument("\(what) is NULL") }
  guard let text = String(validatingCString: pointer) else {
    throw .argument("\(what) is not UTF-8")
  }
  return text
}

/// The texts of a list passed by the caller.
func texts(
  _ list: UnsafePointer<UnsafePointer<CChar>?>?, count: Int64, _ what: String
) throws(CallError) -> [String] {
  guard let list, (0...Int64(Int32.max)).contains(count) else {
    throw .argument("\(what) are NULL, or their number cannot be")
  }
  var result: [String] = []
  for index in 0..<Int(count) { result.append(try text(list[index], what)) }
  return result
}
