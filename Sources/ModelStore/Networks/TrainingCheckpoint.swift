import SurprisalEstimation
import SurprisalFitting
import SurprisalOptimization
import SurprisalTables

/// A file from which training goes on: a safetensors file with the point, what the solver remembers,
/// the best point, and the history of the passes among the metadata.
public struct TrainingCheckpoint: Sendable {
  /// Where training stood.
  public let state: StochasticState
  /// What was trained, and how: a run that differs is not resumed.
  public let training: TrainingIdentity

  static let key = "surprisal-checkpoint"

  /// A checkpoint.
  public init(state: StochasticState, training: TrainingIdentity) {
    self.state = state
    self.training = training
  }

  /// Writes a file as a whole or not at all: an interruption leaves the one before.
  public func write(to output: AtomicFile) throws(FileError) {
    var file = TensorFile(metadata: [:], tensors: [])
    func add(_ name: String, _ values: [Double]) {
      file.tensors.append(.init(name: name, shape: [values.count], values: values))
    }
    add("point", state.point)
    for (index, memory) in state.memory.enumerated() { add("memory.\(index)", memory) }
    if let best = state.best { add("best", best) }
    let document = JSONValue.members([
      "best_epoch": JSONValue(state.bestEpoch), "first_value": JSONValue(state.firstValue),
      "history": ModelFile.json(of: state.history),
      "memory_count": .integer(state.memory.count),
      "start_score": JSONValue(state.startScore), "step_count": .integer(state.stepCount),
      "tensors_crc32c": .string(file.checksum),
      "training": (try? JSONTree.encode(training)) ?? .null,
    ])
    file.metadata[Self.key] = JSONWriter.canonical.text(of: document)
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
      // A model is what is most easily taken for one.
      let isModel = if case .foreign = error { (try? ModelFile.read(bytes)) != nil } else { false }
      throw CheckpointError(file: input.name, problem: isModel ? .model : .of(error))
    }
  }

  private static func read(_ bytes: [UInt8]) throws(ModelFileError.Problem) -> TrainingCheckpoint {
    guard TensorFile.begins(bytes) else { throw .foreign(ForeignModel(bytes)) }
    let file = try TensorFile(bytes, requiring: key)
    guard let text = file.metadata[key] else { throw .foreign(.safetensors) }
    var object = ModelFileObject(try ModelFile.parse(Array(text.utf8)), path: key)
    let stored = try object.text("tensors_crc32c")
    guard stored == file.checksum else { throw .checksum(stored: stored, computed: file.checksum) }
    let training = try Self.training(of: try object.value("training"))
    let history = try ModelFile.history(try object.member("history"))
    let bestEpoch = try object.optionalCount("best_epoch")
    let firstValue = try object.optionalNumber("first_value")
    let startScore = try object.optionalNumber("start_score")
    let steps = try object.count("step_count")
    let memoryCount = try object.index("memory_count", below: 8, of: "vectors")
    try object.finish()
    var tensors = try ModelFile.Tensors(file)
    let size = file.tensors.first?.values.count ?? 0
    let point = try tensors.values("point", shape: [size])
    var memory: [[Double]] = []
    for index in 0..<memoryCount {
      memory.append(try tensors.values("memory.\(index)", shape: [size]))
    }
    var best: [Double]?
    if let bestEpoch {
      guard bestEpoch <= history.count, bestEpoch > 0 || startScore != nil else {
        throw .value(path: "\(key).best_epoch", found: "\(bestEpoch)")
      }
      best = try tensors.values("best", shape: [size])
    }
    try tensors.finish()
    return TrainingCheckpoint(
      state: StochasticState(
        point: point, memory: memory, stepCount: steps, firstValue: firstValue, history: history,
        best: best, bestEpoch: bestEpoch, startScore: startScore),
      training: training)
  }

  private static func training(
    of value: JSONValue
  ) throws(ModelFileError.Problem) -> TrainingIdentity {
    do {
      return try JSONTree.decode(TrainingIdentity.self, from: value)
    } catch {
      throw .value(path: "\(key).training", found: "\(error)")
    }
  }
}
