import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@Suite struct FeatureEncodingTests {
  static let age = Column(name: "age", numbers: [30, 41, 52, 63])
  /// Levels out of order, one of them unused.
  static let color = Column(
    name: "color",
    words: ["red", "unused", "blue", "green"], codes: [0, 2, 3, 0])
  static let size = Column(
    name: "size", words: ["S", "L"], codes: [1, 0, 1, 1])

  static func features(
    _ columns: [Column], _ options: FeatureEncoding.Options = .init()
  ) throws -> Features {
    try Features(learning: columns, rowCount: columns[0].rowCount, options: options)
  }

  @Test func textBecomesTreatmentContrasts() throws {
    let features = try Self.features([Self.age, Self.color])
    #expect(features.names == ["age", "color[green]", "color[red]"])
    #expect(features.matrix.column(0) == [30, 41, 52, 63])
    #expect(features.matrix.column(1) == [0, 0, 1, 0])
    #expect(features.matrix.column(2) == [1, 0, 0, 1])
    #expect(features.encoding.isValid)
  }

  @Test func theBaseCanBeChosen() throws {
    let features = try Self.features([Self.color], .init(bases: ["color": "red"]))
    #expect(features.names == ["color[blue]", "color[green]"])
    #expect(features.matrix.row(0) == [0, 0])
    #expect(features.matrix.row(2) == [0, 1])
  }

  /// The order of rows, of columns and of levels in the file does not matter.
  @Test func levelsAreSorted() throws {
    let other = Column(
      name: "color", words: ["green", "blue", "red"], codes: [2, 1, 0, 2])
    #expect(try Self.features([Self.color]).encoding == Self.features([other]).encoding)
  }

  @Test func interactionsAreProducts() throws {
    let features = try Self.features(
      [Self.age, Self.color, Self.size],
      .init(interactions: [["age", "color"], ["color", "size"]]))
    #expect(
      features.names == [
        "age", "color[green]", "color[red]", "size[S]", "age:color[green]", "age:color[red]",
        "color[green]:size[S]", "color[red]:size[S]",
      ])
    #expect(features.matrix.column(4) == [0, 0, 52, 0])
    #expect(features.matrix.column(5) == [30, 0, 0, 63])
    #expect(features.matrix.column(7) == [0, 0, 0, 0])
  }

  static func expect(
    _ error: DatasetError, _ columns: [Column], _ options: FeatureEncoding.Options
  ) {
    #expect(throws: error) { try features(columns, options) }
  }

  @Test func faultyOptionsAreRefused() {
    Self.expect(
      .unknownBase(column: "color", level: "rde", known: ["blue", "green", "red"]), [Self.color],
      .init(bases: ["color": "rde"]))
    Self.expect(
      .unknownBase(column: "colour", level: "red", known: []), [Self.color],
      .init(bases: ["colour": "red"]))
    Self.expect(
      .unknownInteraction("weight", available: ["age", "size"]), [Self.age, Self.size],
      .init(interactions: [["age", "weight"]]))
    Self.expect(
      .tooManyColumns(interaction: ["color", "color"], count: 4, limit: 5), [Self.color],
      .init(interactions: [["color", "color"]], columnLimit: 5))
    Self.expect(.duplicateColumn("age"), [Self.age, Self.age], .init())
    Self.expect(
      .tooManyLevels(column: "color", count: 3, limit: 2), [Self.color], .init(levelLimit: 2))
  }

  // MARK: Missing cells

  static let gaps = [
    Column(name: "x", numbers: [1, .nan, 3, .nan, 8]),
    Column(name: "t", words: ["a", "b"], codes: [1, 1, -1, 0, 1]),
  ]

  @Test func missingCellsAreRefusedWithTheirPlaces() {
    Self.expect(
      .missingCells([
        MissingCells(column: "x", count: 2, firstRow: 1),
        MissingCells(column: "t", count: 1, firstRow: 2),
      ]), Self.gaps, .init())
  }

  @Test func theMeanOrTheCommonestLevelStandsIn() throws {
    let features = try Self.features(Self.gaps, .init(missing: .mean))
    #expect(features.names == ["x", "t[b]"])
    #expect(features.matrix.column(0) == [1, 4, 3, 4, 8])
    #expect(features.matrix.column(1) == [1, 1, 1, 0, 1])
  }

  @Test func anIndicatorSaysWhere() throws {
    let features = try Self.features(Self.gaps, .init(missing: .indicator))
    #expect(features.names == ["x", "x[missing]", "t[b]", "t[missing]"])
    #expect(features.matrix.column(1) == [0, 1, 0, 1, 0])
    #expect(features.matrix.column(3) == [0, 0, 1, 0, 0])
  }

  /// Substitutes are those of the training data, for any rows to predict.
  @Test func substitutesBelongToTheEncoding() throws {
    let encoding = try Self.features(Self.gaps, .init(missing: .indicator)).encoding
    let other = [
      Column(name: "t", words: ["b"], codes: [0, -1]),
      Column(name: "extra", numbers: [0, 0]),
      Column(name: "x", numbers: [.nan, 100]),
    ]
    let matrix = try encoding.design(of: other, rowCount: 2)
    #expect(matrix.row(0) == [4, 1, 1, 0])
    #expect(matrix.row(1) == [100, 0, 1, 1])
  }

  // MARK: Other data

  @Test func faultsOfOtherDataHaveTheirPlaces() throws {
    let encoding = try Self.features([Self.age, Self.color]).encoding
    func expect(_ error: DatasetError, _ columns: [Column]) {
      #expect(throws: error) { try encoding.design(of: columns, rowCount: 2) }
    }
    let age = Column(name: "age", numbers: [1, 2])
    let color = Column(name: "color", words: ["red"], codes: [0, 0])
    expect(.missingColumn("color", available: ["age"]), [age])
    expect(
      .unknownLevel(column: "color", row: 1, level: "pink", known: ["blue", "green", "red"]),
      [age, Column(name: "color", words: ["pink", "red"], codes: [1, 0])])
    expect(
      .notFinite(column: "age", row: 1, value: -.infinity),
      [Column(name: "age", numbers: [0, -.infinity]), color])
    expect(
      .missingCells([MissingCells(column: "age", count: 1, firstRow: 1)]),
      [Column(name: "age", numbers: [0, .nan]), color])
    expect(
      .kind(column: "age", expectsNumbers: true, row: 0, found: "old"),
      [Column(name: "age", words: ["old"], codes: [0, 0]), color])
    expect(
      .kind(column: "color", expectsNumbers: false, row: 0, found: "3.0"),
      [age, Column(name: "color", numbers: [3, 4])])
    expect(
      .rowMismatch(what: "age", expected: 2, found: 3),
      [Column(name: "age", numbers: [1, 2, 3]), color])
  }

  @Test func indicesOutOfRangeAreNotValid() {
    let source = FeatureEncoding.Source(
      name: "t", kind: .factor(levels: ["a", "b"], base: 0), substitute: nil)
    func isValid(_ factors: [FeatureEncoding.Factor], _ source: FeatureEncoding.Source) -> Bool {
      FeatureEncoding(sources: [source], columns: [.init(factors: factors)]).isValid
    }
    #expect(isValid([.level(source: 0, level: 1)], source))
    #expect(!isValid([.level(source: 0, level: 2)], source))
    #expect(!isValid([.level(source: 1, level: 0)], source))
    #expect(!isValid([.value(source: 0)], source))
    #expect(!isValid([.absence(source: 3)], source))
    #expect(!isValid([], source))
    let empty = FeatureEncoding.Source(
      name: "t", kind: .factor(levels: [], base: 0), substitute: nil)
    #expect(!isValid([.absence(source: 0)], empty))
  }
}
