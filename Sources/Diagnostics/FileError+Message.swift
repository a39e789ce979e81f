import SurprisalLinearAlgebra
import SurprisalTables

extension FileError {
  /// One sentence: the place, what was found, what was expected.
  public var message: String {
    switch self {
    case .cannotOpen, .changedWhileReading, .cannotRead, .cannotWrite, .cannotCreate,
      .outputIsInput, .sameOutput, .standardInputTwice, .missingNumber, .readerIsGone,
      .unsupportedFormat, .wideEncoding, .empty, .noRows:
      fileMessage
    case .duplicateColumns, .emptyColumnNames, .commentedHeader, .numericHeader, .wrongDelimiter:
      headerMessage
    case .notNumber, .infiniteNumber, .numberOverflow:
      numberMessage
    case .fieldTooLong, .recordTooLong, .tooManyColumns, .nameTooLong, .notEnoughMemory,
      .fewFiles:
      limitMessage
    case .array(let file, let problem):
      "\(EscapedText(file).text): \(problem.message)"
    case .sparse(let file, let line, let problem):
      "\(EscapedText(file).text), line \(line): \(problem.message)"
    case .json(let source, let offset, let problem):
      "\(EscapedText(source).text), byte \(offset): \(problem.message)"
    default: delimitedMessage
    }
  }

  /// Further facts, one per line.
  public var details: [String] {
    switch self {
    case .ragged(_, _, _, let found, let expected, let missing) where found < expected:
      [
        "without a value: "
          + listing(missing.prefix(20).map { EscapedText($0).description }, of: expected - found)
      ]
    case .duplicateColumns(_, let columns) where columns.count > 1:
      columns.dropFirst().prefix(5).map {
        "\(EscapedText($0.name)) is the name of columns \(listing($0.positions))"
      }
    case .notEnoughMemory(_, _, _, let remedies): remedies.map(\.sentence)
    case .notNumber(_, _, let others) where others > 0:
      [
        "\(others) more \(others == 1 ? "cell" : "cells") of the column "
          + "\(others == 1 ? "is not a number" : "are not numbers") either"
      ]
    default: []
    }
  }

  private var fileMessage: String {
    switch self {
    case .cannotOpen(let file, let reason, _): "cannot open \(EscapedText(file)): \(reason)"
    case .changedWhileReading(let file): "\(EscapedText(file).text) changed while it was read"
    case .cannotRead(let file, let reason): "reading \(EscapedText(file).text) failed: \(reason)"
    case .cannotWrite(let file, let reason): "writing \(EscapedText(file).text) failed: \(reason)"
    case .cannotCreate(let file, let reason): "cannot create \(EscapedText(file)): \(reason)"
    case .outputIsInput(let output, let input):
      "the output \(EscapedText(output)) is the same file as the input \(EscapedText(input))"
    case .sameOutput(let first, let second):
      "the outputs \(EscapedText(first)) and \(EscapedText(second)) are the same file"
    case .standardInputTwice: "the standard input was named twice"
    case .missingNumber(let file, let token):
      "--na \(EscapedText(token).text) does not apply to \(EscapedText(file).text): in the LIBSVM "
        + "format, an entry that is not there is 0, and none is missing"
    case .readerIsGone(let file): "\(EscapedText(file).text) has no reader"
    case .unsupportedFormat(let file, let format):
      "\(EscapedText(file).text) is \(format.name), which is not supported"
    case .wideEncoding(let file, let encoding):
      "\(EscapedText(file).text) is encoded in \(encoding), expected UTF-8"
    case .empty(let file): "\(EscapedText(file).text) is empty"
    case .noRows(let file): "\(EscapedText(file).text) has a header but no rows"
    default: code
    }
  }

  private var delimitedMessage: String {
    switch self {
    case .invalidUTF8(let place, let offset): "\(place): byte \(offset) of the file is not UTF-8"
    case .nulByte(let place, let offset): "\(place): a NUL byte (byte \(offset) of the file)"
    case .loneCarriageReturn(let file, let line):
      "\(EscapedText(file).text), line \(line): a carriage return without a line feed"
    case .ragged(let file, let row, let line, let found, let expected, _):
      "row \(row) (\(EscapedText(file).text), line \(line)) has \(found) "
        + "\(found == 1 ? "field" : "fields"), expected \(expected)"
    case .quote(let place, .unclosed):
      "\(place): the quotation mark that opens this field is not closed"
    case .quote(let place, .insideField):
      "\(place): a quotation mark within a field that does not begin with one"
    case .quote(let place, .afterClosing):
      "\(place): text after the closing quotation mark of the field"
    default: code
    }
  }

  private var headerMessage: String {
    switch self {
    case .duplicateColumns(let file, let columns):
      columns.first.map {
        "\(EscapedText(file).text): \(EscapedText($0.name)) is the name of columns "
          + "\(listing($0.positions))"
      } ?? code
    case .emptyColumnNames(let file, let line, let columns):
      "\(EscapedText(file).text), line \(line): \(columns.count == 1 ? "column" : "columns") "
        + "\(listing(columns)) \(columns.count == 1 ? "has" : "have") no name"
    case .commentedHeader(let file, let line):
      "\(EscapedText(file).text), line \(line): a single name that begins with #, but several "
        + "fields in the rows, expected column names"
    case .numericHeader(let file, let line, let first):
      "\(EscapedText(file).text), line \(line): every column name is a number (the first is "
        + "\(EscapedText(first))), expected a header"
    case .wrongDelimiter(let file, let used, let likely):
      "\(EscapedText(file).text) has one column when split at \(delimiterWord(used)), "
        + "and \(delimiterWord(likely)) in each of its first lines"
    default: code
    }
  }

  private var numberMessage: String {
    switch self {
    case .notNumber(let place, let found, _): "\(place): \(EscapedText(found)) is not a number"
    case .infiniteNumber(let place, let found):
      "\(place): \(EscapedText(found)) is infinite, expected a finite number"
    case .numberOverflow(let place, let found):
      "\(place): \(EscapedText(found)) exceeds the largest double, 1.8e308"
    default: code
    }
  }

  private var limitMessage: String {
    switch self {
    case .fieldTooLong(let place, let limit): "\(place): a field of more than \(limit) bytes"
    case .recordTooLong(let file, let line, let limit):
      "\(EscapedText(file).text), line \(line): a record of more than \(limit) bytes"
    case .tooManyColumns(let file, let line, let limit):
      "\(EscapedText(file).text), line \(line): more than \(limit) columns"
    case .nameTooLong(let place, let limit): "\(place): a name of more than \(limit) bytes"
    case .notEnoughMemory(let purpose, let needed, let limit, _):
      "\(purpose) needs \(needed == .max ? "more" : "about \(byteText(needed)) of") memory"
        + (needed == .max ? " than any machine has, " : ", ")
        + "the limit is \(byteText(limit))"
    case .fewFiles(let count, let needed):
      "the process can open only \(count) files, it needs \(needed)"
    default: code
    }
  }

  /// At most twenty items, separated by commas.
  private func listing<Item>(_ items: [Item], of count: Int? = nil) -> String {
    let count = count ?? items.count
    let rest = count - min(20, items.count)
    return items.prefix(20).map { "\($0)" }.joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }
}
