import Foundation
import SurprisalDatasets
import SurprisalFitting
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalEstimation
@testable import SurprisalModelStore
@testable import SurprisalReporting
@testable import SurprisalTables

/// Networks in safetensors files.
@Suite struct NetworkFileTests {
  /// Two networks with every kind of parameter, over the columns of the affine fixture.
  static func model(members: Int = 2, likelihood: any Likelihood = Categorical()) -> FittedModel {
    let network = MultilayerPerceptron(
      hidden: [4, 3], activation: .gelu, normalizesLayers: true, dropout: 0.1, hasSkip: true)
    let encoding = ModelFileFixture.encoding
    let model = network.model(featureCount: encoding.columnCount, classCount: 3)
    let own = likelihood.auxiliaryParameters(classCount: 3).map(\.start)
    let classifiers = (0..<members).map { member in
      var numbers = TestNumbers(seed: UInt64(member))
      return ModelClassifier(
        model: model,
        parameters: numbers.uniform(model.parameterCount, in: -1...1) + own.map { $0 + 0.5 },
        likelihood: likelihood, encoding: encoding,
        standardization: Standardization(
          centers: [1, 0.5, 0.25, 10, 0], scales: [2, 0.5, 1, 12.5, 1]),
        classNames: ["low", "medium", "high"], usesOffsets: false)
    }
    var record = ModelFileFixture.record
    record.specification.model = "mlp"
    record.parameters = ParameterTable(
      rows: record.parameters.rows.filter {
        if case .auxiliary = $0.identity { true } else { false }
      },
      uncertainty: UncertaintyRecord(
        kind: nil, reason: .recorded("standard errors were not asked for")))
    let held = TrainingRecord.Held(
      rowCount: 7, crossEntropy: 1.25, labelEntropy: 0.75, divergence: 0.5)
    record.training = (0..<members).map { member in
      TrainingRecord(
        network: network, seed: .max - UInt64(member),
        options: TrainingOptions(
          method: .sgd, epochs: 3, batchSize: 16, learningRate: 0.05, schedule: .constant,
          warmUp: 0.5, clipping: 2, decay: 1e-3, patience: 2),
        history: [
          EpochRecord(epoch: 1, value: 1.5, loss: 1.25, score: 0.75, rate: 0.05),
          EpochRecord(epoch: 2, value: 1.25, loss: 1.125, score: 0.5, rate: 0.05),
        ], bestEpoch: 2, validation: held)
    }
    record.validation = held
    return FittedModel(
      classifier: .network(NetworkClassifier(trusting: classifiers)), record: record)
  }

  @Test(arguments: [1, 2, 3])
  func readsWhatItWrote(members: Int) throws {
    let model = Self.model(members: members)
    let bytes = ModelFile.bytes(of: model)
    let read = try ModelFile.read(bytes)
    #expect(ModelFile.bytes(of: read) == bytes)
    #expect(read.record == model.record)
    guard case .network(let one) = model.classifier, case .network(let other) = read.classifier
    else { return #expect(Bool(false)) }
    #expect(one.members.map(\.parameters) == other.members.map(\.parameters))
    #expect(other.members[0].model.network == one.members[0].model.network)
    #expect(other.members[0].standardization == one.members[0].standardization)
  }

  @Test func ownParametersBelongToTheirMembers() throws {
    let model = Self.model(likelihood: Dirichlet())
    let read = try ModelFile.read(ModelFile.bytes(of: model))
    guard case .network(let network) = read.classifier else { return #expect(Bool(false)) }
    #expect(network.members.allSatisfy { $0.parameters.count == $0.model.parameterCount + 1 })
    #expect(read.classifier.likelihood.name == "dirichlet")
  }

  @Test func startsItsBufferAtAMultipleOfEight() throws {
    let bytes = ModelFile.bytes(of: Self.model())
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length.isMultiple(of: 8))
    #expect(bytes[8] == UInt8(ascii: "{"))
  }

  @Test func noByteCanBeMissing() throws {
    let bytes = ModelFile.bytes(of: Self.model(members: 1))
    for count in ModelFileDamageTests.sample(bytes.count, step: 61) {
      #expect(ModelFileDamageTests.code(Array(bytes.prefix(count))) != nil, "\(count) bytes")
    }
    #expect(ModelFileDamageTests.code(bytes + [0]) == "model.shape")
  }

  /// A file with any bit flipped is refused.
  @Test func anyFlippedBitIsNoticed() throws {
    let bytes = ModelFile.bytes(of: Self.model(members: 1))
    for index in ModelFileDamageTests.sample(bytes.count, step: 29) {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        #expect(ModelFileDamageTests.code(damaged) != nil, "byte \(index), bit \(bit)")
      }
    }
  }

  private static let ours = #""__metadata__":{"surprisal":"{}"},"#

  /// Headers that do not match their buffer, and safetensors files of other programs.
  @Test(
    arguments: [
      (#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, 16, "model.foreign"),
      (#"{\#(ours)"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, 16, "model.json"),
      (#"{\#(ours)"w":{"dtype":"F64","shape":[3],"data_offsets":[0,16]}}"#, 16, "model.shape"),
      (#"{\#(ours)"w":{"dtype":"F64","shape":[2],"data_offsets":[8,24]}}"#, 24, "model.shape"),
      (#"{\#(ours)"w":{"dtype":"F64","shape":[2],"data_offsets":[16,0]}}"#, 16, "model.shape"),
      (#"{\#(ours)"w":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#, 24, "model.shape"),
      (#"{\#(ours)"w":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#, 8, "model.truncated"),
      (
        #"{\#(ours)"w":{"dtype":"F64","shape":[4611686018427387904,8],"data_offsets":[0,16]}}"#, 16,
        "model.shape"
      ),
      (
        #"{\#(ours)"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"#
          + #""b":{"dtype":"F64","shape":[2],"data_offsets":[8,24]}}"#, 24, "model.shape"
      ),
      (#"{\#(ours)"w":{"dtype":"F64","shape":[-2],"data_offsets":[0,16]}}"#, 16, "model.json"),
      (#"{"__metadata__":{"surprisal":1}}"#, 0, "model.json"),
      (#"{"__metadata__":{"surprisal":""}}"#, 0, "model.truncated"),
      (#"{"__metadata__":{"surprisal":"{}\n"}}"#, 0, "model.foreign"),
    ])
  func headersAreNotTrusted(header: String, size: Int, code: String) {
    var text = Array(header.utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    let bytes = length + text + [UInt8](repeating: 0, count: size)
    #expect(ModelFileDamageTests.code(bytes) == code)
  }

  @Test func inspectionShowsTheDocument() throws {
    let inspection = ModelInspection(ModelFile.bytes(of: Self.model()))
    #expect(inspection.checksumMatches)
    #expect(inspection.problem == nil)
    #expect(inspection.contents.contains { $0.path == "model.mlp.network.activation" })
  }

  /// An ensemble's probabilities are the mean of its members', and their logarithms agree.
  @Test func ensemblesAverageProbabilities() throws {
    guard case .network(let ensemble) = Self.model(members: 3).classifier else { return }
    var matrix = BlockedMatrix(rowCount: 4, columnCount: 5)
    for row in 0..<4 { matrix[row, 0] = Double(row) }
    let features = Features(trusting: matrix, encoding: ModelFileFixture.encoding)
    let mean = try ensemble.probabilities(for: features).values
    let logs = try ensemble.logProbabilities(for: features, offsets: nil, threads: .one)
    let members = try ensemble.members.map { try $0.probabilities(for: features).values }
    for row in 0..<4 {
      for column in 0..<3 {
        let expected = members.reduce(0) { $0 + $1[row, column] } / 3
        #expect(relativeDistance(mean[row, column], expected) < 1e-15)
        #expect((logs[row, column] - Logs.log(expected)).magnitude < 1e-13)
      }
    }
  }

  /// Logarithms of the C library, independent of the library under test.
  private enum Logs {
    static func log(_ x: Double) -> Double {
      var y = 0.0
      for _ in 0..<60 { y += 2 * (x - exponential(y)) / (x + exponential(y)) }
      return y
    }

    static func exponential(_ y: Double) -> Double {
      let part = (1...30).reversed().reduce(1.0) { 1 + $0 * (y / 64) / Double($1) }
      return (0..<6).reduce(part) { value, _ in value * value }
    }
  }

  @Test func checkpointsReadBack() throws {
    let state = StochasticState(
      point: [1, -0.0, 3], memory: [[0.5, 0.25, 0], [1e-300, 2, 3]], stepCount: 12,
      firstValue: 1.5,
      history: [EpochRecord(epoch: 1, value: 1, loss: 0.9, score: 0.1, rate: 1e-3)],
      best: [1, 2, 3], bestEpoch: 1, startScore: 0.25)
    let data = try Dataset(features: [[1], [2]], labels: .classes(["a", "b"]))
    var network = Specification.Network()
    network.clipping = 0.1
    let training = try TrainingIdentity(
      Specification(model: .network(network), prior: .l2(0.01)), data: data, validation: data,
      validationName: "other.csv")
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try TrainingCheckpoint(state: state, training: training).write(to: AtomicFile(path))
    let read = try TrainingCheckpoint(InputFile(path))
    #expect(read.state == state)
    #expect(read.training == training)
    #expect(read.training.differences(from: training, passes: 1).isEmpty)
    #expect(read.state.point[1].sign == .minus)
  }
}
