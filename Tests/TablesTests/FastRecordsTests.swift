import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

/// The scanner can read every record; simple records may be read before it, by several threads and
/// from pieces cut anywhere, without changing the result.
@Suite("Simple records")
struct FastRecordsTests {
  @Test("reading ahead changes nothing, for any number of threads", arguments: 0..<40)
  func nastyTexts(seed: Int) {
    var bits = SeededBits(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 3)
    for _ in 0..<4 {
      let text = nastyText(&bits)
      for skips in [false, true] {
        let expected = outcome(text, skips: skips) { $0.readsAhead = false }
        for threads in [1, 2, 3] {
          let window = [1, 17, 200, 1 << 18][bits.below(4)]
          let chunk = [1, 13, 300, Int.max][bits.below(4)]
          let found = outcome(text, skips: skips, chunk: chunk) { options in
            options.threads = ThreadCount(threads)
            options.windowCapacity = window
            options.leastShared = 1 + bits.below(200)
          }
          #expect(found == expected, "\(text.debugDescription)")
        }
      }
    }
  }

  @Test("in batches of any size too", arguments: 0..<10)
  func batches(seed: Int) throws {
    var bits = SeededBits(seed: UInt64(seed) + 991)
    let text = "a,b\n" + (0..<200).map { "\($0),\(bits.below(50))\n" }.joined()
    for threads in [1, 2] {
      var options = DelimitedOptions()
      options.threads = ThreadCount(threads)
      options.leastShared = 8
      var stream = try DelimitedStream(
        ByteSource(bytes: Array(text.utf8), name: "x"), options: options
      ) { _ in .number }
      var values: [Double] = []
      var lines: [Int] = []
      while let table = try stream.next(maximumRows: 1 + bits.below(60)) {
        values += numbers(table, "a") ?? []
        lines += (0..<table.rowCount).map(table.line(ofRow:))
      }
      #expect(values == (0..<200).map(Double.init))
      #expect(lines == (0..<200).map { $0 + 2 })
    }
  }

  @Test("single precision rounds the numbers, and the fit differs by rounding only")
  func single() throws {
    var bits = SeededBits(seed: 8)
    var (text, rounded) = ("x,y,z,class\n", "x,y,z,class\n")
    for row in 0..<300 {
      let values = (0..<3).map { _ in Double(bits.below(1_000_000)) / 997 - 300 }
      let label = ["a", "b", "c"][
        (Int(values[0] + values[1] / 2) + row / 7 % 300) % 3 & 1 + row % 2]
      text += values.map { "\($0)" }.joined(separator: ",") + ",\(label)\n"
      rounded += values.map { "\(Double(Float($0)))" }.joined(separator: ",") + ",\(label)\n"
    }
    var layout = ColumnRoles(labels: .target("class"))
    let full = try DatasetReader(roles: layout).read(text: rounded, name: "x").dataset
    layout.featureStorage = .single
    let half = try DatasetReader(roles: layout).read(text: text, name: "x").dataset
    #expect(half.features.matrix.storageKind == .single)
    #expect(half.features.matrix.storageSize * 2 == full.features.matrix.storageSize)
    for row in 0..<300 { #expect(half.features.matrix.row(row) == full.features.matrix.row(row)) }
    let estimator = MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), prior: .gaussian(precision: 1e-3),
      options: FitOptions(stopping: StoppingRule(tolerance: 1e-12)))
    let (one, other) = (try estimator.fit(half), try estimator.fit(full))
    #expect(one.status.isConverged && other.status.isConverged)
    // Standardised features are rounded once more, to 24 bits. The common shift of all classes is
    // determined only by the weak prior, to fewer digits than the log odds.
    let logOdds = [one, other].map { fit in
      let weights = fit.classifier.coefficients.weights
      return weights.dropFirst().flatMap { zip($0, weights[0]).map { $0 - $1 } }
    }
    for (left, right) in zip(logOdds[0], logOdds[1]) {
      #expect((left - right).magnitude < 1e-7 * max(1e-3, right.magnitude))
    }
    #expect(
      (one.statistics.crossEntropy - other.statistics.crossEntropy).magnitude < 1e-7)
  }

  @Test("contiguous columns are one matrix, which is not copied; text columns leave it")
  func contiguousColumns() throws {
    var text = "a,t,b,w,c\n"
    for row in 0..<1000 {
      text += "\(row),\(row == 900 ? "x" : "\(row)"),\(row * 2),7,-\(row).5\n"
    }
    for kind in [MatrixStorage.double, .single] {
      var options = DelimitedOptions()
      options.contiguousStorage = kind
      let table = try DelimitedReader(options: options).read(
        ByteSource(bytes: Array(text.utf8), name: "x"), contiguous: { $0 != "w" },
        columns: { _ in .automatic })
      let columns = ["a", "b", "c"].compactMap { name -> Column.Numbers? in
        guard case .numbers(let values, _)? = table.column(named: name)?.cells else { return nil }
        return values
      }
      let matrix = BlockedMatrix(columns: columns, rowCount: 1000, storage: kind)
      let again = BlockedMatrix(columns: columns, rowCount: 1000, storage: kind)
      #expect(again.sharesStorage(with: matrix), "no copy is made")
      #expect(matrix.storageKind == kind && matrix.columnCount == 3)
      #expect(matrix.row(999) == [999, 1998, -999.5])
      #expect(matrix.column(1) == (0..<1000).map { Double($0 * 2) })
      #expect(numbers(table, "w") == [Double](repeating: 7, count: 1000))
      guard case .texts(_, let codes)? = table.column(named: "t")?.cells else {
        Issue.record("t is text")
        return
      }
      #expect(codes.count == 1000)
    }
  }

  // MARK: Difficult texts

  /// The result of reading a text: tables or errors, and the rows left out.
  private func outcome(
    _ text: String, skips: Bool, chunk: Int = .max, _ adjust: (inout DelimitedOptions) -> Void
  ) -> String {
    let rejected = Rejections()
    var options = DelimitedOptions()
    if skips { options.badRows = .skip { rejected.append($0) } }
    adjust(&options)
    do throws(FileError) {
      let table = try DelimitedReader(options: options).read(
        ByteSource(bytes: Array(text.utf8), name: "data.csv", chunkSize: chunk),
        contiguous: { $0 != "c1" },
        columns: { name in name == "c0" ? .number : name == "c2" ? .ignore : .automatic })
      let lines = (0..<table.rowCount).map(table.line(ofRow:))
      return "\(table.columns) \(lines) \(table.rejectedRowCount) \(rejected.text)"
    } catch {
      return "\(error) \(rejected.text)"
    }
  }

  /// Mostly simple records, with some of each other kind.
  private func nastyText(_ bits: inout SeededBits) -> String {
    let width = 1 + bits.below(5)
    var text = (0..<width).map { "c\($0)" }.joined(separator: ",") + "\n"
    let faults = bits.below(3) == 0 ? 40 : 400
    for row in 0..<(40 + bits.below(80)) {
      let cells = (0..<width).map { cell($0, row, faults, &bits) }
      text += cells.joined(separator: ",")
      if bits.below(faults) == 0 { text += ",surplus" }
      text += bits.below(5) == 0 ? "\r\n" : "\n"
      if bits.below(60) == 0 { text += "\n" }
    }
    if bits.below(2) == 0 { text.removeLast() }
    return text
  }

  private func cell(_ column: Int, _ row: Int, _ faults: Int, _ bits: inout SeededBits) -> String {
    if bits.below(faults) == 0 {
      let odd = [
        "\"a\nb\"", "x", "\"un", "a\"b", "\u{0}", "1e999", "inf", "\"1\"\"\"", "\r", "1,2", "é",
        "0x1", "1.2.3", "\u{FF}", "\"q\"z",
      ]
      return odd[bits.below(odd.count)]
    }
    if column == 3 { return ["red", "green", "\"blue\"", "NA", "1.0", "1"][bits.below(6)] }
    switch bits.below(12) {
    case 0: return ["NA", "", " 7 ", "?", "\"3.5\"", "nan", "+4", ".5", "6."][bits.below(9)]
    case 1: return "\(Double(bitPattern: bits.next() >> 2))"
    case 2:
      return "-0.000\(bits.below(1_000_000_000))\(bits.below(1_000_000_000))e-\(bits.below(9))"
    default: return "\(Double(bits.below(2_000_001) - 1_000_000) / 1000)"
    }
  }
}

/// The rows left out, in order, as text.
private final class Rejections: @unchecked Sendable {
  private(set) var text = ""
  func append(_ row: RejectedRow) { text += "|\(row.row) \(row.line) \(row.bytes) \(row.error)" }
}
