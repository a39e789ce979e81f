import Foundation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalFitting
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalCalibration
@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalReporting
@testable import SurprisalTables

/// Model files with a calibration, which older versions do not have.
@Suite struct CalibratedModelFileTests {
  private static let golden = "model-v1-calibrated.json"
  private static let golden2 = "model-v2-calibrated.json"

  /// Computed by Golden/calibrated.py, with 50 digits.
  private static let predictions: [[Double]] = [
    [0.72085884270899403597, 0.0010689267499320263837, 0.27807223054107393764],
    [0.34760624235616118811, 0.45439272223284309473, 0.19800103541099571716],
    [0.004395069167343011151, 0.0036692326970119013851, 0.99193569813564508746],
    [0.74822510179420466097, 0.00227015496008406843, 0.2495047432457112706],
  ]

  static let calibrators: [Calibrator] = {
    let map = Calibrator.AffineScores(
      weights: [[0.1 + 0.2, -0.0, 1e-300], [1, 2, 3], [-1.0 / 3, 0, 7]], intercepts: [1, -2, 0.5])
    let function = IsotonicFunction(
      points: [0, 0.25, 1.0 / 3], outcomes: [0, 0.5, 1], weights: [1, 1, 1])
    return [
      .temperature(slope: 1.0 / 3), .vector(slopes: [1, 2, -0.1], intercepts: [0, 0.1 + 0.2, -1]),
      .matrix(map), .dirichlet(map), .isotonic([function, function, function]),
    ]
  }()

  static func model(_ calibrator: Calibrator) -> FittedModel {
    let scores = CalibrationRecord.Scores(
      crossEntropy: .infinity, labelEntropy: 0.25, divergence: .infinity, calibrationError: 0.1,
      accuracy: 0.5)
    let record = CalibrationRecord(
      calibrator: calibrator, labels: .counts, lambda: 0.125, rowCount: 12, totalWeight: 34.5,
      before: scores, after: scores,
      parameters: [
        .init(role: .temperature, estimate: 3, standardError: 0.25, interval: 2.5...3.5),
        .init(role: .weight, classIndex: 2, scoreIndex: 1, estimate: -1),
      ],
      errors: .laplace, errorsReason: .recorded("a prior"), test: nil,
      testReason: .recorded("a prior"),
      isConverged: false, iterations: 7,
      warnings: [.recorded(code: "fit.notconverged", message: "no")])
    let base = ModelFileFixture.saved
    return FittedModel(
      classifier: base.classifier.calibrated(trusting: record), record: base.record)
  }

  @Test(arguments: calibrators) func whatIsReadIsWhatWasWritten(calibrator: Calibrator) throws {
    let saved = Self.model(calibrator)
    let bytes = ModelFile.bytes(of: saved)
    let read = try ModelFile.read(bytes)
    #expect(read.record == saved.record)
    #expect(read.classifier.calibration == saved.classifier.calibration)
    #expect(ModelFile.bytes(of: read) == bytes)
    #expect(read.classifier.affine == nil)
    #expect(read.classifier.uncalibrated.affine != nil)
    #expect(
      ModelInspection(bytes).parameterCount
        == ModelFileFixture.parameters.count + calibrator.parameterCount)
    #expect(try Self.probabilities(of: read) == Self.probabilities(of: saved))
  }

  static func probabilities(of saved: FittedModel) throws -> [[Double]] {
    let encoding = saved.classifier.encoding
    let features = Features(
      trusting: try encoding.design(of: ModelFileFixture.rows, rowCount: 4), encoding: encoding)
    let result = try saved.classifier.probabilities(for: features)
    return (0..<4).map { result.values.row($0) }
  }

  @Test func theGoldenFileIsReadAndPredictsWhatItAlwaysDid() throws {
    let bytes = try ModelFileFixture.golden(Self.golden)
    let saved = try ModelFile.read(bytes)
    #expect(saved.record == ModelFileFixture.record)
    let calibration = try #require(saved.classifier.calibration)
    #expect(calibration.method == .vector)
    #expect(calibration.test?.degreesOfFreedom == 5)
    for (found, expected) in zip(try Self.probabilities(of: saved), Self.predictions) {
      #expect(vectorDistance(found, expected) < 1e-14)
    }
    // The file of version 2 was written by a script that shares no code with this package.
    let current = #""writer":"\#(SurprisalVersion.writer)""#
    let text = String(decoding: ModelFile.bytes(of: saved), as: UTF8.self)
    let renamed = text.dropLast(current.count + 2) + #""writer":"surprisal 0.1.0"}"# + "\n"
    let golden = try ModelFileFixture.golden(Self.golden2)
    #expect(ModelFileFixture.withChecksum(String(renamed)) == golden)
  }

  @Test func aFileWithoutHasNone() throws {
    let saved = try ModelFile.read(try ModelFileFixture.golden("model-v1.json"))
    #expect(saved.classifier.calibration == nil)
    #expect(saved.classifier.uncalibrated.affine != nil)
  }

  @Test func aSecondCalibrationTakesThePlaceOfTheFirst() throws {
    let first = Self.model(.temperature(slope: 2))
    let record = try #require(Self.model(.temperature(slope: 3)).classifier.calibration)
    let second = first.classifier.calibrated(trusting: record)
    #expect(second.calibration?.calibrator == .temperature(slope: 3))
    #expect(second.parameterCount == ModelFileFixture.parameters.count + 1)
  }

  static let corruptions: [Corruption] = [
    .init(#""method":"vector""#, #""method":"magic""#, "model.json", "magic"),
    .init(#""method":"vector""#, #""method":"matrix""#, "model.json", "scores.weights is missing"),
    .init(
      #""method":"vector""#, #""method":"temperature""#, "model.json",
      "temperature.slope is missing"),
    .init(#""slopes":[0.625,"#, #""slopes":["#, "model.shape", "calibration.map.vector.slopes"),
    .init(#""slopes":[0.625,"#, #""slopes":[null,"#, "model.values", "slopes[0]"),
    .init(#""slopes":[0.625,"#, #""slope":1,"slopes":[0.625,"#, "model.json", "slope is not a key"),
    .init(#""intercepts":[0.1,"#, #""intercepts":[1e400,"#, "model.values", "1e400"),
    .init(#""class":1,"estimate":-0.25"#, #""class":3,"estimate":-0.25"#, "model.shape", "class"),
    .init(#""role":"slope""#, #""role":"hill""#, "model.json", "hill"),
    .init(#""interval":[0.5,0.75]"#, #""interval":[0.75,0.5]"#, "model.values", "interval"),
    .init(#""interval":[0.5,0.75]"#, #""interval":[0.5]"#, "model.shape", "interval"),
    .init(#""kind":"robust_wald""#, #""kind":"oracle""#, "model.json", "oracle"),
    .init(#""std_errors":"sandwich""#, #""std_errors":"toast""#, "model.json", "toast"),
    .init(#""labels":"probs""#, #""labels":"votes""#, "model.json", "votes"),
    .init(#""iterations":4"#, #""iterations":-4"#, "model.values", "iterations"),
    .init(#""ece":0.125"#, #""ece":"high""#, "model.values", "high"),
    .init(#"{"calibration":{"after""#, #"{"calibration":null,"after":{"after""#, "model.json"),
  ]

  @Test(arguments: corruptions) func changedByHand(_ corruption: Corruption) throws {
    let text = String(decoding: try ModelFileFixture.golden(Self.golden), as: UTF8.self)
    let place = try #require(text.range(of: corruption.old))
    let changed = text.replacingCharacters(in: place, with: corruption.new)
    let bytes = ModelFileFixture.withChecksum(changed)
    let error = #expect(throws: ModelFileError.self) { try ModelFile.read(bytes, name: "m.json") }
    #expect(error?.code == corruption.code, "\(error?.description ?? "")")
    #expect(error?.message.contains(corruption.says) == true, "\(error?.message ?? "")")
  }

  @Test func mapsThatAreNone() throws {
    let temperature = String(
      decoding: ModelFile.bytes(of: Self.model(.temperature(slope: 0.5))), as: UTF8.self)
    for (old, new) in [(#""slope":0.5"#, #""slope":0.0"#), (#""slope":0.5"#, #""slope":-1.0"#)] {
      let bytes = ModelFileFixture.withChecksum(
        temperature.replacingOccurrences(of: old, with: new))
      #expect(ModelFileDamageTests.code(bytes) == "model.values")
    }
    let isotonic = String(
      decoding: ModelFile.bytes(of: Self.model(Self.calibrators[4])), as: UTF8.self)
    for (old, new) in [
      (#""thresholds":[0.0,0.25,"#, #""thresholds":[0.25,0.25,"#),
      (#""values":[0.0,0.5,"#, #""values":[0.75,0.5,"#),
      (#""values":[0.0,0.5,"#, #""values":[-0.5,0.5,"#),
      (#""values":[0.0,0.5,"#, #""values":[0.5,"#),
      (#""functions":[{"#, #""functions":[{"thresholds":[],"values":[]},{"#),
    ] {
      let place = try #require(isotonic.range(of: old), "\(old)")
      let bytes = ModelFileFixture.withChecksum(isotonic.replacingCharacters(in: place, with: new))
      let code = ModelFileDamageTests.code(bytes)
      #expect(code == "model.values" || code == "model.shape", "\(new): \(code ?? "read")")
    }
  }

  @Test("cut short at any byte") func truncation() throws {
    let bytes = try ModelFileFixture.golden(Self.golden)
    for count in ModelFileDamageTests.sample(bytes.count, step: 13) {
      #expect(
        ModelFileDamageTests.code(Array(bytes.prefix(count))) == "model.truncated",
        "\(count) bytes")
    }
  }

  @Test("any one bit flipped") func flippedBits() throws {
    let bytes = try ModelFileFixture.golden(Self.golden)
    for index in ModelFileDamageTests.sample(bytes.count, step: 19) {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        #expect(ModelFileDamageTests.code(damaged) != nil, "byte \(index), bit \(bit)")
      }
    }
  }

  @Test("any value replaced by another, with a valid checksum") func replacedValues()
    throws
  {
    let document = try JSONParser().parse(try ModelFileFixture.golden(Self.golden))
    guard case .object(let object) = document, let member = object["calibration"] else { return }
    var random = SeededBits(seed: 5)
    var accepted = 0
    for _ in 0..<(heavyTestsEnabled ? 50_000 : 300) {
      var changed = object
      changed["calibration"] = ModelFileDamageTests().replacing(in: member, &random)
      let bytes = ModelFileFixture.withChecksum(
        JSONWriter.canonical.text(of: .object(changed)) + "\n")
      _ = ModelInspection(bytes).lines
      guard let saved = try? ModelFile.read(bytes) else { continue }
      accepted += 1
      _ = try? Self.probabilities(of: saved)
      #expect(ModelFileDamageTests.code(ModelFile.bytes(of: saved)) == nil)
    }
    #expect(accepted > 0)
  }
}
