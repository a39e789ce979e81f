/// The place of a cell in a file, for messages.
public struct CellPlace: Sendable, Equatable, CustomStringConvertible {
  /// The file's name, or `standard input`.
  public let file: String

  /// The data row counted from 1; nil in the header.
  public let row: Int?

  /// The line of the file, counted from 1, at which the cell begins.
  public let line: Int

  /// The column counted from 1.
  public let column: Int

  /// The column's name, if known.
  public let columnName: String?

  /// `faces.csv, line 18, column 4 "p_cat"`.
  public var description: String {
    let name = columnName.map { " \(EscapedText($0))" } ?? ""
    return "\(EscapedText(file).text), line \(line), column \(column)\(name)"
  }
}

/// The line of each row, stored as the places where rows and lines get out of step.
struct LineIndex: Sendable, Equatable {
  private var rows: [Int] = []
  private var lines: [Int] = []
  private var nextRow = 0
  /// For each row of the file that was left out, the number of rows kept before it.
  private var rejected: [Int] = []
  private var expectedLine = 0
  /// The selected rows, in their order; nil for all of them.
  private var chosen: [Int]?

  /// The index of some rows, in that order.
  func selecting(rows: [Int]) -> LineIndex {
    var result = self
    result.chosen = rows.map { chosen?[$0] ?? $0 }
    return result
  }

  /// Adds the next row, which begins at `line`.
  @inline(__always)
  mutating func append(line: Int) {
    if line != expectedLine {
      rows.append(nextRow)
      lines.append(line)
    }
    nextRow += 1
    expectedLine = line + 1
  }

  /// Adds the next rows, one per line, the first of which begins at `line`.
  mutating func append(lines count: Int, from line: Int) {
    guard count > 0 else { return }
    append(line: line)
    nextRow += count - 1
    expectedLine = line + count
  }

  /// Notes that a row of the file was left out here.
  mutating func appendRejected() { rejected.append(nextRow) }

  /// The number of a row in the file, from 1, counting rows that were left out.
  func number(ofRow place: Int) -> Int {
    let row = row(at: place)
    var (low, high) = (0, rejected.count)
    while low < high {
      let middle = low + (high - low) / 2
      if rejected[middle] <= row { low = middle + 1 } else { high = middle }
    }
    return row + low + 1
  }

  /// The line of a row counted from 0; 0 if the row does not exist.
  func line(ofRow place: Int) -> Int {
    let row = row(at: place)
    var low = 0
    var high = rows.count
    while low < high {
      let middle = low + (high - low) / 2
      if rows[middle] <= row { low = middle + 1 } else { high = middle }
    }
    guard low > 0, row < nextRow else { return 0 }
    return lines[low - 1] + (row - rows[low - 1])
  }

  private func row(at place: Int) -> Int {
    guard let chosen else { return place }
    return chosen.indices.contains(place) ? chosen[place] : nextRow
  }
}
