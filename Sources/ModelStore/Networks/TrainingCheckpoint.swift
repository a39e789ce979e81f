import SurprisalEstimation
import SurprisalFitting
import SurprisalOptimization
import SurprisalTables

/// A file from which training is resumed: a safetensors file with the parameters, the memory of the
/// solver, the best parameters, and in the metadata the history of the passes.
public struct TrainingCheckpoint: Sendable {
  /// The state of the training.
  public let state: StochasticState
  /// What was trained, and how: a run with another identity is not resumed.
  public let training: TrainingIdentity

  static let key = "surprisal-checkpoint"

  /// The text in the metadata: everything that is not a vector.
  private struct Document: Codable {
    var bestEpoch: Int?
    var firstValue: Double?
    var history: [EpochRecord]
    var memoryCount: Int
    var startScore: Double?
    var stepCount: Int
    var training: TrainingIdentity
    var checksum: String

    private enum CodingKeys: String, CodingKey {
      case history, training
      case bestEpoch = "best_epoch"
      case firstValue = "first_value"
      case memoryCount = "memory_count"
      case startScore = "start_score"
      case stepCount = "step_count"
      case checksum = "tensors_crc32c"
    }
  }

  /// Creates a checkpoint.
  public init(state: StochasticState, training: TrainingIdentity) {
    self.state = state
    self.training = training
  }

  /// Writes a file atomically: after an interruption the previous file is intact.
  public func write(to output: AtomicFile) throws(FileError) {
    var file = SafetensorsFile(metadata: [:], tensors: [])
    func add(_ name: String, _ values: [Double]) {
      file.tensors.append(.init(name: name, shape: [values.count], values: values))
    }
    add("point", state.point)
    for (index, memory) in state.memory.enumerated() { add("memory.\(index)", memory) }
    if let best = state.best { add("best", best) }
    let document = Document(
      bestEpoch: state.bestEpoch, firstValue: state.firstValue, history: state.history,
      memoryCount: state.memory.count, startScore: state.startScore, stepCount: state.stepCount,
      training: training, checksum: file.checksum)
    file.metadata[Self.key] = JSONWriter.canonical.text(of: .encoding(document))
    try output.write(file.bytes)
  }

  /// Reads and checks a file.
  public init(_ input: InputFile) throws(CheckpointError) {
    var bytes: [UInt8] = []
    do throws(ModelFileError) {
      bytes = try ModelFile.content(of: input)
    } catch {
      throw CheckpointError(file: input.name, problem: .of(error.problem))
    }
    do throws(ModelFileError.Problem) {
      self = try Self.read(bytes)
    } catch {
      // Mistaking a model for a checkpoint is the most likely error.
      let isModel = if case .foreign = error { (try? ModelFile.read(bytes)) != nil } else { false }
      throw CheckpointError(file: input.name, problem: isModel ? .model : .of(error))
    }
  }

  private static func read(_ bytes: [UInt8]) throws(ModelFileError.Problem) -> TrainingCheckpoint {
    guard SafetensorsFile.begins(bytes) else { throw .foreign(ForeignModel(bytes)) }
    let file = try SafetensorsFile(bytes, requiring: key)
    guard let text = file.metadata[key] else { throw .foreign(.safetensors) }
    // The identity of the training omits members of other kinds of model.
    let document = try JSONValueDecoder(acceptsNonFiniteTexts: true).value(
      Document.self, from: .object(try ModelFile.parse(Array(text.utf8))), path: key)
    guard document.checksum == file.checksum else {
      throw .checksum(stored: document.checksum, computed: file.checksum)
    }
    try document.history.requireValid("\(key).history")
    try Check.finite(
      ["first_value": document.firstValue, "start_score": document.startScore], key)
    try Check.notNegative(
      ["best_epoch": document.bestEpoch, "step_count": document.stepCount], key)
    try Check.index(document.memoryCount, below: 8, of: "vectors", "\(key).memory_count")
    var tensors = NetworkTensors.Remaining(file)
    let size = file.tensors.first?.values.count ?? 0
    let point = try tensors.values("point", shape: [size])
    var memory: [[Double]] = []
    for index in 0..<document.memoryCount {
      memory.append(try tensors.values("memory.\(index)", shape: [size]))
    }
    var best: [Double]?
    if let bestEpoch = document.bestEpoch {
      guard bestEpoch <= document.history.count, bestEpoch > 0 || document.startScore != nil else {
        throw .value(path: "\(key).best_epoch", found: "\(bestEpoch)")
      }
      best = try tensors.values("best", shape: [size])
    }
    try tensors.finish()
    return TrainingCheckpoint(
      state: StochasticState(
        point: point, memory: memory, stepCount: document.stepCount,
        firstValue: document.firstValue, history: document.history, best: best,
        bestEpoch: document.bestEpoch, startScore: document.startScore),
      training: document.training)
  }
}
