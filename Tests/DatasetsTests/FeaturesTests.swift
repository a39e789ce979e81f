import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@Suite struct FeaturesTests {
  @Test func rowsOfNumbersAreChecked() throws {
    let features = try Features([[1, 2], [3, 4]])
    #expect(features.names == ["f1", "f2"])
    #expect(features.rowCount == 2)
    #expect(features.columnCount == 2)
    #expect(
      throws: DatasetError.rowMismatch(
        what: "columns of a row of features", expected: 2, found: 1)
    ) { try Features([[1, 2], [3]]) }
    #expect(throws: DatasetError.notFinite(column: "b", row: 1, value: .infinity)) {
      try Features([[1, 2], [3, .infinity]], names: ["a", "b"])
    }
    #expect(try Features([]).rowCount == 0)
  }

  /// Design columns are decoded to the columns of the table and encoded again.
  @Test func codingAsAnotherEncodingIsARoundTrip() throws {
    let columns = [FeatureEncodingTests.age, FeatureEncodingTests.color, FeatureEncodingTests.size]
    let features = try FeatureEncodingTests.features(
      columns, .init(interactions: [["age", "color"]]))
    // Another order, another base, another interaction.
    let other = try FeatureEncodingTests.features(
      [columns[2], columns[1], columns[0]],
      .init(interactions: [["size", "color"]], bases: ["color": "red", "size": "S"]))
    let there = try features.coded(as: other.encoding)
    #expect(there.encoding == other.encoding)
    for row in 0..<4 { #expect(there.matrix.row(row) == other.matrix.row(row)) }
    let back = try there.coded(as: features.encoding)
    for row in 0..<4 { #expect(back.matrix.row(row) == features.matrix.row(row)) }
  }

  @Test func missingCellsSurviveTheRoundTrip() throws {
    let gaps = FeatureEncodingTests.gaps
    let features = try FeatureEncodingTests.features(gaps, .init(missing: .indicator))
    let other = try FeatureEncodingTests.features(
      [gaps[1], gaps[0]], .init(missing: .indicator))
    let there = try features.coded(as: other.encoding)
    for row in 0..<5 { #expect(there.matrix.row(row) == other.matrix.row(row)) }
  }

  @Test func aLevelUnknownToTheOtherEncodingIsNamed() throws {
    let wide = try FeatureEncodingTests.features([FeatureEncodingTests.color])
    let narrow = try FeatureEncodingTests.features([
      Column(name: "color", words: ["red", "blue"], codes: [0, 1, 1, 0])
    ])
    #expect(
      throws: DatasetError.unknownLevel(
        column: "color", row: 2, level: "green", known: ["blue", "red"])
    ) { try wide.coded(as: narrow.encoding) }
    // Conversely, every level is known.
    let coded = try narrow.coded(as: wide.encoding)
    #expect(coded.matrix.column(1) == [1, 0, 0, 1])
  }

  @Test func aColumnUnknownToTheDataIsNamed() throws {
    let features = try FeatureEncodingTests.features([FeatureEncodingTests.age])
    let other = FeatureEncoding(numbers: ["age", "height"])
    #expect(throws: DatasetError.missingColumn("height", available: ["age"])) {
      try features.coded(as: other)
    }
    // Columns that are not needed are dropped.
    let one = try Features([[1, 2]], names: ["a", "b"]).coded(as: FeatureEncoding(numbers: ["b"]))
    #expect(one.matrix.row(0) == [2])
  }

  @Test func rowsAreSelectedInOrder() throws {
    let features = try Features([[1], [2], [3]])
    #expect(features.selecting(rows: [2, 0, 2]).matrix.column(0) == [3, 1, 3])
    let column = FeatureEncodingTests.color.selecting(rows: [3, 1])
    #expect(column.cells == .texts(levels: ["red", "unused", "blue", "green"], codes: [0, 2]))
    #expect(FeatureEncodingTests.gaps[0].missingRows == [1, 3])
    #expect(FeatureEncodingTests.gaps[1].missingRows == [2])
  }
}
