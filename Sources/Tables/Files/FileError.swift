/// Errors of reading and writing files and tables.
///
/// Each case carries the values of its message. `code` gives the code word, `exitCode` the exit
/// status, `description` the whole text.
public enum FileError: Error, Sendable, Equatable {
  // Files.
  /// `io.open`: a file cannot be opened; `suggestion` is a similar name in the same folder.
  case cannotOpen(file: String, reason: String, suggestion: String?)
  /// `io.changed`: a file changed while it was read.
  case changedWhileReading(file: String)
  /// `io.read`: reading failed midway.
  case cannotRead(file: String, reason: String)
  /// `io.write`: writing failed midway.
  case cannotWrite(file: String, reason: String)
  /// `io.create`: an output cannot be created.
  case cannotCreate(file: String, reason: String)
  /// `usage`: an output is the same file as an input.
  case outputIsInput(output: String, input: String)
  /// `usage`: two outputs are one file.
  case sameOutput(String, String)
  /// `usage`: two inputs are the standard input.
  case standardInputTwice
  /// `usage`: a number denotes missing cells, and the file has a format without any.
  case missingNumber(file: String, token: String)
  /// `io.write`: the reader of the output is gone.
  case readerIsGone(file: String)
  /// `format.unsupported`: the first bytes are those of another format.
  case unsupportedFormat(file: String, format: FileSignature)
  /// `encoding.utf16`: the file is UTF-16 or UTF-32.
  case wideEncoding(file: String, encoding: String)

  // Delimited text.
  /// `data.empty`: no bytes, or blank lines only.
  case empty(file: String)
  /// `data.norows`: a header without rows.
  case noRows(file: String)
  /// `encoding.utf8`: a header or a text cell is not UTF-8; the offset counts bytes of the file
  /// from 0.
  case invalidUTF8(CellPlace, byteOffset: Int)
  /// `csv.nul`: a NUL byte.
  case nulByte(CellPlace, byteOffset: Int)
  /// `csv.cr`: a carriage return that is not followed by a line feed.
  case loneCarriageReturn(file: String, line: Int)
  /// `csv.ragged`: a row has too few or too many fields; `missing` names the columns it lacks.
  case ragged(file: String, row: Int, line: Int, found: Int, expected: Int, missing: [String])
  /// `csv.quote`: a quotation mark out of place, or never closed; the place is that of the opening
  /// mark.
  case quote(CellPlace, QuoteProblem)
  /// `csv.dupcolumn`: names that occur in the header more than once.
  case duplicateColumns(file: String, [DuplicateColumn])
  /// `csv.emptyname`: header cells without a name.
  case emptyColumnNames(file: String, line: Int, columns: [Int])
  /// `csv.comment`: the first line begins with `#` and has fewer fields than the next.
  case commentedHeader(file: String, line: Int)
  /// `csv.noheader`: every name in the header is a number.
  case numericHeader(file: String, line: Int, first: String)
  /// `csv.delimiter`: one column, although each of the first lines holds another delimiter.
  case wrongDelimiter(file: String, used: UInt8, likely: UInt8)

  // Numbers.
  /// `number.syntax`: a cell of a numeric column is not a number; nor are `others` more cells.
  case notNumber(CellPlace, found: String, others: Int)
  /// `number.infinite`: a cell of a numeric column is infinity.
  case infiniteNumber(CellPlace, found: String)
  /// `number.overflow`: a number beyond the largest double.
  case numberOverflow(CellPlace, found: String)

  // Limits.
  /// `limit.field`: a field longer than the limit.
  case fieldTooLong(CellPlace, limit: Int)
  /// `limit.record`: a record longer than the limit.
  case recordTooLong(file: String, line: Int, limit: Int)
  /// `limit.columns`: more columns than the limit.
  case tooManyColumns(file: String, line: Int, limit: Int)
  /// `limit.name`: a column name longer than the limit.
  case nameTooLong(CellPlace, limit: Int)
  /// `limit.memory`: more memory is needed than the budget allows; `remedies` would need less.
  case notEnoughMemory(purpose: String, needed: Int, limit: Int, remedies: [MemoryRemedy] = [])
  /// `limit.files`: the process can open so many files, fewer than it needs.
  case fewFiles(Int, needed: Int)

  // Arrays and JSON.
  /// `npy.*`: an array file that cannot be read.
  case array(file: String, NPYProblem)
  /// `libsvm.*`, `model.features`: a line of a LIBSVM file.
  case sparse(file: String, line: Int, LIBSVMProblem)
  /// `json.*`: text that is not JSON; the offset counts bytes from 0.
  case json(source: String, byteOffset: Int, JSONProblem)

  /// A name that occurs in the header at several positions, counted from 1.
  public struct DuplicateColumn: Sendable, Equatable {
    /// The name.
    public let name: String
    /// Its positions, ascending.
    public let positions: [Int]
  }

  /// A fault of a quotation mark.
  public enum QuoteProblem: Sendable, Equatable {
    /// The field opened here is not closed before the file ends.
    case unclosed
    /// A quotation mark within a field that does not begin with one.
    case insideField
    /// Something other than a delimiter or a line end after the closing mark.
    case afterClosing
  }

  /// A fault of an array file.
  public enum NPYProblem: Error, Equatable {
    /// `npy.magic`: not an array file, or a version other than 1, 2 and 3.
    case magic(String)
    /// `npy.header`: the header is longer than the limit or not of the fixed grammar.
    case header(String)
    /// `npy.shape`: the shape disagrees with the file's size, overflows or has other than 1 or 2
    /// axes.
    case shape(String)
    /// `npy.dtype`: an unsupported element type.
    case elementType(String)
    /// `npy.size`: the file ends early or continues after the last element.
    case size(expected: Int, found: Int)
    /// `number.inexact`: an integer that no double equals, at an index in file order from 0.
    case inexactInteger(index: Int, value: String)
  }

  /// A fault of a JSON text.
  public enum JSONProblem: Error, Equatable {
    /// `json.syntax`: the expected text and the text found instead.
    case syntax(expected: String, found: String)
    /// `json.duplicate`: an object has the key twice.
    case duplicateKey(String)
    /// `json.number`: a number beyond the largest double.
    case numberOverflow(String)
    /// `json.depth`: brackets nested deeper than the limit.
    case depth(limit: Int)
    /// `json.utf8`: bytes that are not UTF-8.
    case invalidUTF8
    /// `json.surrogate`: half of a surrogate pair.
    case loneSurrogate
  }
}

extension FileError {
  /// A fault of a line of a LIBSVM file.
  public enum LIBSVMProblem: Error, Equatable {
    /// `libsvm.syntax`: the expected text at a byte of the line, counted from 1, and the text
    /// found.
    case syntax(offset: Int, expected: String, found: String)
    /// `libsvm.order`: an index that is not larger than the one before.
    case order(token: String, previous: Int)
    /// `libsvm.base`: index 0 for a model whose features count from 1.
    case base
    /// `model.features`: an index beyond the features of the model.
    case unseen(index: Int, largest: Int)
    /// `model.features`: a feature of the model that cannot be denoted by an index.
    case notAnIndex(feature: String)
  }
}
