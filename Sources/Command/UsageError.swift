import Surprisal

/// A command line that cannot be executed as given.
struct UsageError: LocatedError {
  let message: String
  var details: [String] = []
  var suggestion: String?
  var code: String { "usage" }
  var exitCode: Int32 { 64 }

  init(_ message: String, details: [String] = [], suggestion: String? = nil) {
    self.message = message
    self.details = details
    self.suggestion = suggestion
  }
}
