import Foundation
import Surprisal

// Dawid and Skene's model on simulated votes, as a line of JSON.
//
// usage: VoteBenchmark [items [votes per item [annotators [classes [threads]]]]]

let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
func argument(_ place: Int, _ value: Int) -> Int { place < numbers.count ? numbers[place] : value }
let (itemCount, perItem) = (argument(0, 100_000), argument(1, 20))
let (annotatorCount, classCount) = (argument(2, 2000), argument(3, 10))
let threads = argument(4, ProcessInfo.processInfo.activeProcessorCount)

/// Annotators are right from 0.35 to 0.95 of the time, errors go to the two next classes.
func simulate() throws -> Votes {
  var generator = SplitMix64(seed: 17)
  func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
  let accuracies = (0..<annotatorCount).map { _ in 0.35 + 0.6 * uniform() }
  var (items, annotators, labels) = ([Int32](), [Int32](), [Int32]())
  for item in 0..<itemCount {
    let known = min(classCount - 1, Int(Double(classCount) * uniform().squareRoot()))
    for _ in 0..<perItem {
      let annotator = Int(uniform() * Double(annotatorCount))
      let error = uniform() < 0.7 ? 1 : 2
      let label = uniform() < accuracies[annotator] ? known : (known + error) % classCount
      items.append(Int32(item))
      annotators.append(Int32(annotator))
      labels.append(Int32(label))
    }
  }
  return try Votes(
    itemNames: (0..<itemCount).map { "\($0)" }, annotatorNames: (0..<annotatorCount).map { "a\($0)" },
    classNames: (0..<classCount).map { "c\($0)" }, items: items, annotators: annotators,
    labels: labels)
}

func memory(_ field: String) -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
  return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
}

let votes = try simulate()
try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
for hasErrors in [false, true] {
  let start = Date()
  let result = Aggregation(
    votes, options: AggregationOptions(restarts: 0, hasStandardErrors: hasErrors),
    reducer: ThreadCount(threads))
  let seconds = Date().timeIntervalSince(start)
  let model = result.model
  // The step from which the log-likelihood is within 1e-9 of its end, relative to nothing.
  let values = model?.values ?? []
  let reached = values.firstIndex { (values.last ?? 0) - $0 < 1e-9 * max(1, ($0).magnitude * 1e-6) }
  print(
    """
    {"votes": \(votes.count), "items": \(itemCount), "annotators": \(annotatorCount), \
    "classes": \(classCount), "threads": \(threads), "std_errors": \(hasErrors), \
    "seconds": \(seconds), "steps": \(model?.iterations ?? 0), "reached": \(reached ?? -1), \
    "points": \(values.count), "log_likelihood": \(model?.logLikelihood ?? 0), \
    "gradient": \(model?.gradient ?? 0), "peak_kb": \(memory("VmHWM:"))}
    """)
}
