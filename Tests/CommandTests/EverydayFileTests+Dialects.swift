import Foundation
import Testing

/// One way to write the same cells.
struct FileDialect: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let flags: String
  let isPipe: Bool
  private let mark: String
  private let delimiter: String
  private let end: String
  private let isQuoted: Bool

  private init(
    _ name: String, mark: String = "", delimiter: String = ",", end: String = "\n",
    isQuoted: Bool = false, isPipe: Bool = false
  ) {
    testDescription = name
    flags = delimiter == "\t" ? "--delimiter tab" : delimiter == ";" ? "--delimiter ;" : ""
    self.isPipe = isPipe
    self.mark = mark
    self.delimiter = delimiter
    self.end = end
    self.isQuoted = isQuoted
  }

  static let plain = FileDialect("plain")
  static let others = [
    FileDialect("tabs", delimiter: "\t"),
    FileDialect("semicolons", delimiter: ";"),
    FileDialect("quoted", isQuoted: true),
    FileDialect("byte order mark", mark: "\u{FEFF}"),
    FileDialect("carriage returns", end: "\r\n"),
    FileDialect(
      "quoted, with a mark and carriage returns", mark: "\u{FEFF}", end: "\r\n", isQuoted: true),
    FileDialect("pipe", isPipe: true),
  ]

  /// The bytes of a table; lines that consist of one text, such as comments, are unchanged.
  func bytes(_ lines: [EverydayTable.Line]) -> [UInt8] {
    let texts = lines.map { line -> String in
      switch line {
      case .text(let text): text
      case .cells(let cells): cells.map(written).joined(separator: delimiter)
      }
    }
    return Array((mark + texts.map { $0 + end }.joined()).utf8)
  }

  private func written(_ cell: String) -> String {
    isQuoted || cell.contains(delimiter) ? "\"\(cell)\"" : cell
  }
}

/// A table with one unusual feature, which every command reads in the same way in every dialect.
struct EverydayTable: Sendable, CustomTestStringConvertible {
  enum Line: Sendable {
    case text(String)
    case cells([String])
  }

  let testDescription: String
  let lines: [Line]
  /// Flags of all commands, and additional flags of commands that fit.
  let flags: String
  let fitFlags: String
  /// The codes of the expected warnings.
  let codes: [String]

  /// Twelve rows with the cells that `cells` computes from a number, and a header.
  private init(
    _ name: String, _ header: [String], flags: String = "", fitFlags: String = "",
    codes: [String] = [], before: [String] = [], between: [String] = [],
    cells: (Int) -> [String]
  ) {
    testDescription = name
    let rows = (0..<12).map { Line.cells(cells($0)) }
    lines =
      before.map(Line.text) + [.cells(header)] + rows.prefix(5) + between.map(Line.text)
      + rows.dropFirst(5)
    self.flags = flags
    self.fitFlags = fitFlags
    self.codes = codes
  }

  private static func x(_ row: Int) -> String { "\(Double(row * 5 % 12) / 4)" }
  private static func y(_ row: Int) -> String { row * 7 % 5 < 2 ? "a" : "b" }

  static let all = [
    EverydayTable("row names", ["", "x", "y"], codes: ["csv.rownames"]) {
      ["r\($0)", x($0), y($0)]
    },
    EverydayTable("row names without a field in the header", ["x", "y"], codes: ["csv.rownames"]) {
      ["\($0 + 1)", x($0), y($0)]
    },
    EverydayTable("delimiters at the end", ["x", "y", "", ""], codes: ["csv.trailing"]) {
      [x($0), y($0), "", ""]
    },
    EverydayTable(
      "comments", ["x", "y"], flags: "--comment #", before: ["# made, today; by", "# hand"],
      between: ["#", "# 1,a"]
    ) { [x($0), y($0)] },
    EverydayTable("tokens", ["x", "y"], flags: "--na .,-999 --missing drop") {
      [$0 == 3 ? "." : $0 == 7 ? "-999.0" : x($0), y($0)]
    },
    EverydayTable("thousands", ["x", "y"], flags: "--thousands ,") {
      ["\($0 * 5 % 12 + 1),\($0 % 10)00.5", y($0)]
    },
    EverydayTable("codes", ["x", "zip", "y"], fitFlags: "--text zip") {
      [x($0), $0 % 3 == 0 ? "02116" : "94103", y($0)]
    },
    EverydayTable("codes taken as numbers", ["x", "zip", "y"], codes: ["column.kind"]) {
      [x($0), $0 % 3 == 0 ? "02116" : "94103", y($0)]
    },
    EverydayTable("dates", ["day", "x", "y"], codes: ["column.kind"]) {
      ["2024-0\($0 % 3 + 1)-01", x($0), y($0)]
    },
    EverydayTable("a range", ["id", "x", "z", "y", "w"], fitFlags: "--features x..y") {
      ["u\($0)", x($0), "\($0 % 4)", y($0), "word\($0)"]
    },
  ]
}

/// Commands that read a table: their output does not depend on the dialect.
enum EverydayCommand: String, Sendable, CaseIterable {
  case check, fit, cv, evaluate, predict, calibrate

  var readsModel: Bool { [.evaluate, .predict, .calibrate].contains(self) }

  func call(_ file: String, _ table: EverydayTable, _ dialect: FileDialect) -> [String] {
    let fit = "--target y \(table.fitFlags)"
    let line =
      switch self {
      case .check: "check \(file) \(fit)"
      case .fit: "fit \(file) \(fit) --l2 0.1"
      case .cv: "cv \(file) \(fit) --l2 0.1,1 --folds 3 --seed 1"
      case .evaluate: "evaluate m.json \(file) --target y"
      case .predict: "predict m.json \(file)"
      case .calibrate: "calibrate m.json \(file) --target y --l2 1"
      }
    return "\(line) \(table.flags) \(dialect.flags)".split(separator: " ").map(String.init)
  }
}

extension EverydayFileTests {
  @Test(arguments: EverydayTable.all, EverydayCommand.allCases)
  func commands(_ table: EverydayTable, _ command: EverydayCommand) throws {
    let plain = try run(command, table, .plain)
    #expect(plain.status == 0, "\(plain.errors)")
    for code in table.codes where [.fit, .cv].contains(command) {
      #expect(plain.errors.contains(code), "\(plain.errors)")
    }
    // Each dialect is tested with some of the commands, and the slow commands with one dialect per
    // table.
    let tables = EverydayTable.all.map(\.testDescription)
    let place =
      (EverydayCommand.allCases.firstIndex(of: command) ?? 0)
      + (tables.firstIndex(of: table.testDescription) ?? 0)
    let step = [.evaluate, .calibrate].contains(command) ? 7 : 3
    for (index, dialect) in FileDialect.others.enumerated() where (index + place) % step == 0 {
      let outcome = try run(command, table, dialect)
      #expect(outcome.status == plain.status, "\(dialect.testDescription): \(outcome.errors)")
      #expect(text(outcome) == text(plain), "\(dialect.testDescription)")
    }
  }

  /// The output without the name of the file and the flags that follow it.
  private func text(_ outcome: Tool.Outcome) -> [String] {
    outcome.text.replacingOccurrences(of: "standard input", with: "d.csv")
      .split(separator: "\n").map(String.init).filter { !$0.hasPrefix("next: ") }
  }

  private func run(
    _ command: EverydayCommand, _ table: EverydayTable, _ dialect: FileDialect
  ) throws -> Tool.Outcome {
    let folder = try Workspace()
    if command.readsModel {
      try folder.write(FileDialect.plain.bytes(table.lines), to: "t.csv")
      let fitted = try Tool.run(
        EverydayCommand.fit.call("t.csv", table, .plain) + ["-o", "m.json"], in: folder)
      #expect(fitted.status == 0, "\(fitted.errors)")
    }
    let bytes = dialect.bytes(table.lines)
    if dialect.isPipe {
      return try Tool.run(command.call("-", table, dialect), in: folder, input: bytes)
    }
    try folder.write(bytes, to: "d.csv")
    return try Tool.run(command.call("d.csv", table, dialect), in: folder)
  }
}
