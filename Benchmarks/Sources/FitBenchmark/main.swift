// usage: FitBenchmark FOLDER [--hard] [--l2 1e-4] [--tolerance 1e-6] [--threads 2] [--passes 5]
//                     [--max-iterations 1000] [--solver auto] [--float32]
//        FitBenchmark FOLDER --network [--hard] [--hidden 256] [--batch-size 128] [--threads 2] [--passes 5]
//
// One fit of the workload in FOLDER, as one line of JSON: seconds of one pass, of the fit, what was
// reached when, passes, memory. With --network: seconds of an epoch of training and of prediction.
import Foundation
import MachineLimits
import Surprisal

struct Result: Encodable {
  var kernels = KernelSet.current.name
  var passSeconds: Double?
  var fitSeconds: Double?
  /// What comes before the fit: rows as other programs have them become blocks, on one thread.
  var packSeconds: Double?
  /// Of all threads together: what is left of the times where others use the machine.
  var passProcessorSeconds: Double?
  var fitProcessorSeconds: Double?
  var passes: Int?
  var setUpPasses: Double?
  var iterations: Int?
  var curvatureEvaluations: Int?
  var objective: Double?
  var gradientNorm: Double?
  var converged: Bool?
  var solver: String?
  var dataBytes = 0
  var parameterBytes = 0
  var peakBytes: Int?
  /// Of the process before any data: program, libraries.
  var baseBytes = Memory.now
  var trace: [Trace.Entry] = []
}

/// The value behind an option.
func option(_ name: String) -> String? {
  CommandLine.arguments.firstIndex(of: name).flatMap { index in
    CommandLine.arguments.dropFirst(index + 1).first
  }
}

/// The best of some passes at a point that is not special.
func passSeconds<L: Likelihood, P: Prior>(
  _ objective: AffineObjective<L, P>, at point: [Double], count: Int
) -> Double {
  var gradient = [Double](repeating: 0, count: objective.dimension)
  return (0..<count).map { _ in
    ContinuousClock().measure { _ = objective.evaluate(at: point, gradient: &gradient) }.inSeconds
  }.min() ?? .nan
}

var result = Result()
let workload = try Workload(folder: CommandLine.arguments[1])
let isHard = CommandLine.arguments.contains("--hard")
let storage: MatrixStorage? = CommandLine.arguments.contains("--float32") ? .single : nil
let options = FitOptions(
  solver: option("--solver").flatMap(SolverChoice.init(rawValue:)) ?? .automatic,
  stopping: StoppingRule(
    tolerance: option("--tolerance").flatMap(Double.init) ?? 1e-6,
    maximumIterations: option("--max-iterations").flatMap(Int.init) ?? 1000),
  threads: ThreadCount(option("--threads").flatMap(Int.init) ?? 2))
let lambda = option("--l2").flatMap(Double.init) ?? 1e-4

/// The fit, of data that nobody else holds.
@MainActor func run(_ trace: Trace) throws -> Fit<LinearPredictor, Categorical, GaussianPrior> {
  let data = try workload.dataset(hard: isHard, storage: storage)
  Memory.forgetPeak()
  trace.begin()
  return try MaximumLikelihood(
    SoftmaxRegression(), likelihood: Categorical(), prior: GaussianPrior(.lambda(lambda)),
    options: options
  ).fit(consume data) {
    trace.note($0)
    return true
  }
}

let encoder = JSONEncoder()
encoder.keyEncodingStrategy = .convertToSnakeCase
let passCount = option("--passes").flatMap(Int.init) ?? 5

if CommandLine.arguments.contains("--network") {
  let run = try NetworkRun(
    workload.dataset(hard: isHard, storage: storage),
    hidden: [option("--hidden").flatMap(Int.init) ?? 256],
    batchSize: option("--batch-size").flatMap(Int.init) ?? 128, passes: passCount,
    threads: options.threads.width)
  print(String(decoding: try encoder.encode(run), as: UTF8.self))
  exit(0)
}

let trace = Trace()
let fit = try run(trace)
result.fitSeconds = trace.seconds
result.packSeconds = workload.packSeconds
result.fitProcessorSeconds = machine_processor_seconds() - trace.processorStart
result.peakBytes = Memory.peak
result.dataBytes =
  fit.objective.features.storageSize
  + workload.shape.rows * (isHard || workload.shape.entries != nil ? 4 : 8 * workload.shape.classes)
result.parameterBytes = 8 * workload.shape.classes * (workload.shape.columns + 1)
result.passes = fit.solution.evaluations
result.setUpPasses = fit.setUpPasses
result.iterations = fit.solution.iterations
result.curvatureEvaluations = fit.solution.curvatureEvaluations
result.objective = fit.statistics.objective
result.gradientNorm = fit.statistics.standardizedGradientNorm
result.converged = fit.status.isConverged
result.solver = fit.solvers.joined(separator: "+")
result.trace = trace.all
let before = machine_processor_seconds()
result.passSeconds = passSeconds(fit.objective, at: fit.solution.point, count: passCount)
result.passProcessorSeconds = (machine_processor_seconds() - before) / Double(max(passCount, 1))
print(String(decoding: try encoder.encode(result), as: UTF8.self))
