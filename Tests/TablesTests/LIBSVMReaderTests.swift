import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

@Suite struct LIBSVMReaderTests {
  private func read(_ text: String) throws(FileError) -> LIBSVMData {
    try LIBSVMReader().read(bytes: Array(text.utf8), name: "x.libsvm")
  }

  @Test func readsRowsCommentsAndBlankLines() throws {
    let text =
      "# a comment\n+1 1:0.5 3:-2e1 # more\r\n\r\n  \n-1\t2:7 5:0\n1.0 qid:3 1:1#x\n0\n-0 4:.25"
    let data = try read(text)
    #expect(data.classNames == ["1", "-1", "0"])
    #expect(data.labels == [0, 1, 0, 2, 2])
    #expect(data.firstIndex == 1)
    #expect(data.featureNames == ["f1", "f2", "f3", "f4", "f5"])
    #expect(data.entries.starts == [0, 2, 3, 4, 4, 5])
    #expect(data.entries.columns == [0, 2, 1, 0, 3])
    #expect(data.entries.values == [0.5, -20, 7, 1, 0.25])
    #expect(data.queryCount == 1)
    #expect((0..<5).map { data.line(ofRow: $0) } == [2, 5, 6, 7, 8])
  }

  @Test func indexZeroShowsTheBase() throws {
    let data = try read("1 3:1\n2 0:4 2:5\n")
    #expect(data.firstIndex == 0)
    #expect(data.featureNames == ["f0", "f1", "f2", "f3"])
    #expect(data.entries.columns == [3, 0, 2])
  }

  @Test(arguments: [
    ("1 3:1\n1 3:", 2, 3, "index:value", "3:"),
    ("1 :1", 1, 3, "index:value", ":1"),
    ("1 a:b", 1, 3, "index:value", "a:b"),
    ("1 3:1:2", 1, 3, "index:value", "3:1:2"),
    ("1 2:1  3", 1, 8, "index:value", "3"),
    ("1 2:nan", 1, 3, "index:value", "2:nan"),
    ("1 -2:1", 1, 3, "index:value", "-2:1"),
    ("1 2:1\r3:1", 1, 6, "index:value", "nothing"),
    ("1:2 3:4", 1, 1, "a number that is the label", "1:2"),
    ("1,2 3:4", 1, 1, "a number that is the label", "1,2"),
    ("1 2:0x3", 1, 3, "index:value", "2:0x3"),
  ])
  func saysWhatStandsWhere(
    _ text: String, _ line: Int, _ offset: Int, _ expected: String, _ found: String
  ) {
    #expect(
      throws: FileError.sparse(
        file: "x.libsvm", line: line,
        .syntax(offset: offset, expected: expected, found: found))
    ) { try read(text) }
  }

  @Test(arguments: [("1 1:1\n1 7:2 3:1", "3:1", 7), ("1\n1 7:0 7:1", "7:1", 7)])
  func refusesIndicesOutOfOrder(_ text: String, _ token: String, _ previous: Int) {
    #expect(
      throws: FileError.sparse(
        file: "x.libsvm", line: 2, .order(token: token, previous: previous))
    ) { try read(text) }
  }

  @Test(arguments: ["4294967295:1", "99999999999999999999:1", "1000001:1"])
  func refusesHugeIndices(_ token: String) {
    #expect(throws: FileError.tooManyColumns(file: "x.libsvm", line: 1, limit: 1_000_000)) {
      try read("1 \(token)\n")
    }
  }

  @Test(arguments: [("1 2:inf", "number.infinite"), ("1 2:1e999", "number.overflow")])
  func refusesValuesOutOfRange(_ text: String, _ code: String) {
    #expect { try read(text) } throws: { ($0 as? FileError)?.code == code }
  }

  @Test(arguments: ["", "\n\n", "# nothing"]) func refusesEmptyFiles(_ text: String) {
    #expect(throws: FileError.empty(file: "x.libsvm")) { try read(text) }
  }

  /// Every prefix and every change of a byte is read or refused, without a trap.
  @Test func survivesDamage() throws {
    let bytes = Array("+1 1:0.5 3:-2e1 # c\r\n-1 qid:4 2:7\n0 0:1\n".utf8)
    for count in 0...bytes.count {
      _ = try? LIBSVMReader().read(bytes: Array(bytes[..<count]), name: "x")
    }
    for index in bytes.indices {
      for byte in [0, 9, 10, 13, 32, 35, 45, 46, 48, 57, 58, 101, 255] as [UInt8] {
        var changed = bytes
        changed[index] = byte
        _ = try? LIBSVMReader().read(bytes: changed, name: "x")
      }
    }
  }

  /// Threads and windows do not change the result.
  @Test(arguments: 0..<20) func readsTheSameInPieces(_ seed: Int) {
    var bits = SeededBits(seed: UInt64(seed) + 12)
    var text = bits.below(2) == 0 ? "\u{FEFF}" : ""
    let odd = ["2:x", "1:1 1:2", "5:inf", "3:1e999", "0:1", "qid:7", "# note", "4:1.5#x", "\r"]
    for row in 0..<(20 + bits.below(60)) {
      text += ["1", "-1", "+1", "1.0", "2.5"][bits.below(5)]
      for index in 1...5 where bits.below(2) == 0 { text += " \(index):\(Double(row) / 8)" }
      if bits.below(seed < 10 ? 30 : 300) == 0 { text += " " + odd[bits.below(odd.count)] }
      text += ["\n", "\r\n", "\n\n", " \n"][bits.below(4)]
    }
    if bits.below(2) == 0 { text.removeLast() }
    func outcome(
      _ threads: Int, window: Int, chunk: Int
    ) -> Result<LIBSVMData, FileError> {
      var reader = LIBSVMReader()
      reader.threads = ThreadCount(threads)
      reader.leastShared = 8
      reader.windowCapacity = window
      return Result { () throws(FileError) in
        try reader.read(
          ByteSource(bytes: Array(text.utf8), name: "x.libsvm", chunkSize: chunk))
      }
    }
    let expected = outcome(1, window: 1 << 16, chunk: .max)
    for (threads, window) in [(1, 1), (2, 100), (3, 1 << 16), (2, 1 << 16)] {
      #expect(
        outcome(threads, window: window, chunk: 1 + bits.below(50)) == expected,
        "\(text.debugDescription)")
    }
  }

  @Test func memoryIsAskedForBefore() {
    var reader = LIBSVMReader()
    reader.memoryBudget = MemoryBudget(bytes: 20_000)
    reader.windowCapacity = 2000
    let text = String(repeating: "1 1:0.5 2:0.25 7:3\n", count: 3000)
    let error = #expect(throws: FileError.self) {
      try reader.read(bytes: Array(text.utf8), name: "x.libsvm")
    }
    #expect(error?.code == "limit.memory" && error?.exitCode == 71)
  }

  // MARK: Features of a model

  private func code(_ text: String, _ names: [String], ignoring: Bool = false) throws -> Features {
    try read(text).features(
      for: FeatureEncoding(numbers: names).inputs, file: "x.libsvm", ignoringUnseen: ignoring)
  }

  @Test func indicesFindTheirNames() throws {
    let features = try code("1 1:5 2:6\n1 3:7", ["f3", "f1", "f9"])
    #expect(features.matrix.row(0) == [0, 5, 0])
    #expect(features.matrix.row(1) == [7, 0, 0])
    #expect(try code("1 1:5", ["f0", "f1"]).matrix.row(0) == [0, 5])
    #expect(try code("1 0:5", ["f0", "f1"]).matrix.row(0) == [5, 0])
  }

  @Test func refusesWhatTheModelDoesNotKnow() throws {
    let names = ["f1", "f2"]
    #expect(
      throws: FileError.sparse(
        file: "x.libsvm", line: 2, .unseen(index: 3, largest: 2))
    ) { try code("1 1:1\n1 1:5 3:1", names) }
    #expect(try code("1 1:5 3:1", names, ignoring: true).matrix.row(0) == [5, 0])
    for ignoring in [false, true] {
      #expect(throws: FileError.sparse(file: "x.libsvm", line: 2, .base)) {
        try code("1 1:1\n1 0:1", names, ignoring: ignoring)
      }
    }
    #expect(
      throws: FileError.sparse(file: "x.libsvm", line: 1, .notAnIndex(feature: "age"))
    ) { try code("1 1:1", ["f1", "age"]) }
  }
}
