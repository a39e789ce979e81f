import SurprisalDatasets
import SurprisalEstimation
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalTables

/// Files of every published version stay readable, with the same predictions.
@Suite("Golden model files")
struct ModelFileGoldenTests {
  /// By Golden/predictions.py, with 50 digits.
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

  @Test("version 1 predicts what it always did") func predictions1() throws {
    let saved = try ModelFile.read(try ModelFileFixture.golden("model-v1.json"))
    let found = try ModelFileFixture.probabilities(of: saved)
    for (found, expected) in zip(found, Self.predictions) {
      for (found, expected) in zip(found, expected) {
        #expect((found - expected).magnitude <= 1e-12 * expected)
      }
    }
  }

  @Test("the current release writes the file it wrote") func writing() throws {
    let golden = try ModelFileFixture.golden("model-v1.json")
    let writer = #""writer":"surprisal 0.1.0""#
    let text = String(decoding: ModelFile.bytes(of: ModelFileFixture.saved), as: UTF8.self)
    let current = #""writer":"\#(SurprisalVersion.writer)""#
    #expect(text.hasSuffix(current + "}\n"))
    // A later release differs in its name alone.
    let renamed = text.dropLast(current.count + 2) + writer + "}\n"
    #expect(ModelFileFixture.sealed(String(renamed)) == golden)
  }
}
