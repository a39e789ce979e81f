import SurprisalDatasets
import SurprisalEstimation
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalTables

/// Files of every published version can be read, with the same predictions.
@Suite("Golden model files")
struct ModelFileGoldenTests {
  /// Computed by Golden/predictions.py, with 50 digits.
  static let predictions: [[Double]] = [
    [0.79681595048358796246, 0.0016298271492538320953, 0.20155422236715820544],
    [0.36376427872841706271, 0.52209978517667230715, 0.11413593609491063014],
    [0.000058274290842582001787, 0.00048195086793712734809, 0.99945977484122029065],
    [0.84170506641050748175, 0.0032129610597976103593, 0.15508197252969490789],
  ]

  @Test("version 1 is read") func version1() throws {
    let saved = try ModelFile.read(try ModelFileFixture.golden("model-v1.json"))
    #expect(saved.record == ModelFileFixture.record)
    #expect(saved.affine.classNames == ["low", "medium", "high"])
    #expect(saved.affine.encoding == ModelFileFixture.encoding)
    #expect(
      saved.affine.parameters.map { $0.bitPattern }
        == ModelFileFixture.parameters.map { $0.bitPattern })
  }

  @Test("predictions of version 1 are unchanged") func predictions1() throws {
    let saved = try ModelFile.read(try ModelFileFixture.golden("model-v1.json"))
    let found = try ModelFileFixture.probabilities(of: saved)
    for (found, expected) in zip(found, Self.predictions) {
      for (found, expected) in zip(found, expected) {
        #expect((found - expected).magnitude <= 1e-12 * expected)
      }
    }
  }

  @Test("version 2 is read, and equals the model of version 1") func version2() throws {
    for name in ["", "-calibrated"] {
      let old = try ModelFile.read(try ModelFileFixture.golden("model-v1\(name).json"))
      let new = try ModelFile.read(try ModelFileFixture.golden("model-v2\(name).json"))
      #expect(ModelFile.bytes(of: old) == ModelFile.bytes(of: new))
      #expect(old.record == new.record)
    }
  }

  /// Trained and predicted by release 0.1.0 on six rows: `fit --probs a,b --model mlp --hidden 3,2
  /// --epochs 3 --ensemble 2 --activation gelu --skip --validation 0.34`.
  @Test("predictions of networks of version 1 are unchanged") func networks() throws {
    let saved = try ModelFile.read(try ModelFileFixture.golden("model-v1-network.model"))
    let columns = [
      Column(name: "x", numbers: [0.5, 1.5, -0.5, 2.5, -1.5, 0.25]),
      Column(name: "color", words: ["red", "blue"], codes: [0, 1, 0, 1, 1, 0]),
    ]
    let encoding = saved.classifier.encoding
    let features = Features(
      trusting: try encoding.design(of: columns, rowCount: 6), encoding: encoding)
    let found = try saved.classifier.probabilities(for: features).values.column(0)
    let expected = [
      0.398279844019884, 0.4284265739606993, 0.38350619014274656, 0.5045655904386731,
      0.32945817654608855, 0.39739216398651195,
    ]
    for (found, expected) in zip(found, expected) {
      #expect((found - expected).magnitude <= 1e-14)
    }
    #expect(saved.record.training?.map(\.history.count) == [3, 3])
    #expect(saved.record.training?[1].history[2].epoch == 3)
    let copy = try ModelFile.read(ModelFile.bytes(of: saved))
    #expect(copy.record == saved.record)
  }

  @Test("the current release writes the recorded file") func writing() throws {
    let golden = try ModelFileFixture.golden("model-v2.json")
    let writer = #""writer":"surprisal 0.1.0""#
    let text = String(decoding: ModelFile.bytes(of: ModelFileFixture.saved), as: UTF8.self)
    let current = #""writer":"\#(SurprisalVersion.writer)""#
    #expect(text.hasSuffix(current + "}\n"))
    // A later release differs in its name only.
    let renamed = text.dropLast(current.count + 2) + writer + "}\n"
    #expect(ModelFileFixture.withChecksum(String(renamed)) == golden)
  }
}
