import Foundation
import SurprisalDatasets
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

/// Hostile files: each is read, or refused by an error with a code word, with the same result in
/// small pieces as at once.
@Suite("Fuzzed files") struct ReaderFuzzTests {
  private static let codes = Set(ErrorText.all.map(\.code))

  /// A fault of an error; nil if there is none.
  private static func fault(of error: any Error) -> String? {
    guard let error = error as? any LocatedError else { return "\(error) is no located error" }
    if !codes.contains(error.code) { return "\(error.code) is no code word" }
    let isClean = error.description.unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" }
    return isClean ? nil : "control characters in \(error.description.debugDescription)"
  }

  /// The result of reading, as text; `fault` is its fault, if any.
  private static func outcome(_ read: () throws -> String) -> (text: String, fault: String?) {
    do {
      return (try read(), nil)
    } catch {
      return ("\(error)", fault(of: error))
    }
  }

  private static let tables = [
    "x,y,s,class\n1,-2.5e3,u,a\n,4,\"v \"\"w\"\"\",b\n3,.5,\"line\nend\",a\n",
    "\u{FEFF}a;b\r\n1,5;x\r\n2,25;y\r\n", "id\tp_a\tp_b\n1\t0.5\t0.5\n2\t1\t0\n",
    "sep=;\nx;y\n1;2\n", "# note\nx,NA\n1,NA\n", "x\n1\n\n2\n", "5,1\n4,2\n",
  ].map { Array($0.utf8) }

  @Test func delimitedText() throws {
    let words = ["\"", "\"\"", ",", ";", "\t", "\r\n", "\n\n", "NA", "é", "\u{0}", "#", "'"]
    try Fuzz("table", inputs: 3000).run { numbers -> [UInt8] in
      .mutated(Self.tables, words: words, using: &numbers)
    } check: { bytes -> String? in
      var options = DelimitedOptions()
      options.lazyQuotes = bytes.count % 5 == 0
      options.hasHeader = bytes.count % 7 != 0
      if bytes.count % 3 == 0 { options.badRows = .skip { _ in } }
      options.fieldLimit = 1000
      let results = [Int.max, 3].map { chunk in
        Self.outcome {
          let table = try DelimitedReader(options: options).read(
            ByteSource(bytes: bytes, name: "data.csv", chunkSize: chunk)
          ) { _ in .automatic }
          return "\(table.rowCount) \(table.columns)"
        }
      }
      if results[0].text != results[1].text { return "\(results) differ" }
      return results[0].fault
    }
  }

  @Test func arrays() throws {
    let cells = littleBytes([1, -2.5, 3, 4, 5, 6].map(\.bitPattern))
    let files = [
      npyBytes(npyHeader("<f8", "(2, 3)"), cells),
      npyBytes(npyHeader(">f4", "(6, 2)", fortran: true), cells, version: 2),
      npyBytes(npyHeader("|u1", "(48,)"), cells), npyBytes(npyHeader("<U3", "(4,)"), cells),
      npyBytes(npyHeader("<i8", "(3, 2)"), cells, version: 3),
    ]
    let words = ["(", ",", "'", "descr", "True", "<f2", "|b1", "|O", "(0, 3)", "\n", "-"]
    try Fuzz("npy", inputs: 3000).run { numbers -> [UInt8] in
      .mutated(files, words: words, using: &numbers)
    } check: { bytes -> String? in
      let results = [1 << 22, 16].map { window in
        Self.outcome {
          var reader = NPYReader()
          reader.memoryBudget = MemoryBudget(bytes: 1 << 20)
          reader.windowSize = window
          let array = try reader.read(bytes: bytes, name: "x.npy")
          return "\(array.shape) \((0..<array.columnCount).map { array.oddRows(ofColumn: $0) })"
        }
      }
      if results[0].text != results[1].text { return "\(results) differ" }
      return results[0].fault
    }
  }

  @Test func sparseRows() throws {
    let files = [
      "+1 1:0.5 3:-2e1 # more\r\n-1\t2:7 5:0\n1.0 qid:3 1:1#x\n", "1 0:4 2:5\n2 1:1\n",
      "3\n1 1:1 2:2 3:3 4:4\n\n\n2 4:1e-3\n",
    ].map { Array($0.utf8) }
    try Fuzz("libsvm", inputs: 3000).run { numbers -> [UInt8] in
      .mutated(files, words: [":", "#", "qid:", " ", "\n", "1:1 "], using: &numbers)
    } check: { bytes -> String? in
      let results = [(1 << 20, Int.max), (16, 3)].map { capacity, chunk in
        Self.outcome {
          var reader = LIBSVMReader()
          reader.memoryBudget = MemoryBudget(bytes: 1 << 24)
          reader.windowCapacity = capacity
          let data = try reader.read(ByteSource(bytes: bytes, name: "x.svm", chunkSize: chunk))
          return "\(data.classNames) \(data.labels) \(data.entries.columns) \(data.entries.values)"
        }
      }
      if results[0].text != results[1].text { return "\(results) differ" }
      return results[0].fault
    }
  }

  @Test func votes() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("surprisal-votes-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = [
      "item,annotator,label\n1,u,a\n1,v,b\n2,u,a\n2,v,a\n",
      "task,worker,answer,w\n1,u,a,1\n2,v,b,0.5\n3,u,a,0\n",
      "id,ann_1,ann_2\n1,a,b\n2,,a\n3,b,b\n",
    ].map { Array($0.utf8) }
    try Fuzz("votes", inputs: 1000).run { numbers -> [UInt8] in
      .mutated(files, words: [",", "\n", "a", "\"", ",,"], using: &numbers)
    } check: { bytes -> String? in
      try Data(bytes).write(to: folder)
      var reader = VoteReader()
      if bytes.contains(Array("ann_".utf8)) { reader.annotators = ColumnPattern("ann_*") }
      if bytes.contains(Array(",w\n".utf8)) { reader.weight = "w" }
      return Self.outcome {
        let votes = try reader.read(InputFile(folder.path))
        return "\(votes.itemCount) \(votes.annotatorCount) \(votes.classCount)"
      }.fault
    }
  }
}

extension [UInt8] {
  fileprivate func contains(_ other: [UInt8]) -> Bool { firstRange(of: other) != nil }
}
