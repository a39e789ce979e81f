// usage: KernelBenchmark [repeats] [threads] [scaling]
//
// With `scaling`: seconds of passes of growing size, as lines of JSON. Without:
// Kernels by themselves, then whole passes against the floor of the machine, measured in the same
// run. A busy machine disturbs times on the wall: the last column uses processor time for both.
import Surprisal

/// `value` with `digits` decimals, right-aligned.
func cell(_ value: Double, _ digits: Int, width: Int = 8) -> String {
  let scale = (0..<digits).reduce(1.0) { result, _ in result * 10 }
  let rounded = (value * scale).rounded()
  guard rounded.isFinite, rounded.magnitude < 1e15 else { return "?" }
  let whole = Int(rounded)
  let unit = Int(scale)
  var text = "\(whole / unit)"
  if digits > 0 {
    let decimals = "\(whole.magnitude % UInt(unit))"
    text += "." + String(repeating: "0", count: digits - decimals.count) + decimals
  }
  return String(repeating: " ", count: max(0, width - text.count)) + text
}

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let repeats = arguments.first ?? 10
let threads = ThreadCount(max(1, arguments.dropFirst().first ?? 2))

/// Seconds of a pass as one of the sizes grows.
func printScaling() {
  let sizes: [(axis: String, value: Int, rows: Int, columns: Int, classes: Int)] =
    [50_000, 100_000, 200_000, 400_000, 800_000].map { ("N", $0, $0, 100, 10) }
    + [25, 50, 100, 200, 400, 800].map { ("D", $0, 200_000, $0, 10) }
    + [5, 10, 20, 40, 80, 160].map { ("C", $0, 200_000, 100, $0) }
  for size in sizes {
    let workload = PassWorkload(rows: size.rows, columns: size.columns, classes: size.classes)
    var best = Duration.none
    for _ in 0..<repeats {
      best = best.minimum(.measuring(threads: threads) { _ = workload.pass(threads) })
    }
    print("{\"axis\": \"\(size.axis)\", \"value\": \(size.value), \"seconds\": \(best.wall)}")
  }
}

if CommandLine.arguments.contains("scaling") {
  printScaling()
} else {
  printKernels()
}

func printKernels() {
  print(
    "kernel set of this machine: \(KernelSet.current.name); block of \(BlockedMatrix.blockSize) rows"
  )
  print("\none thread, one block in the cache: time / time at peak; ns an element of the tile")
  print("set          D     C   logits gradient    gram    score ns")
  for set in KernelSet.available.reversed() {
    for (features, units) in [(100, 10), (784, 10), (256, 1000)] where set.name != "reference" {
      let timing = KernelTimings(set: set, features: features, units: units)
      let result = timing.measure(repeats: max(3, repeats / 3))
      print(
        set.name + String(repeating: " ", count: 9 - set.name.count),
        cell(Double(features), 0, width: 5),
        cell(Double(units), 0, width: 5), cell(result.product, 2), cell(result.outerProduct, 2),
        cell(result.gram, 2), cell(result.score, 2))
    }
  }

  print(
    "\nvalue and gradient, \(threads.value) threads: floor = max(flops at peak, bytes of features)")

  /// Measures one workload and prints its line.
  func report(_ workload: PassWorkload) {
    var machine = Machine(threads: threads)
    var best = Duration.none
    for _ in 0..<repeats {
      machine.measure()
      best = best.minimum(.measuring(threads: threads) { _ = workload.pass(threads) })
    }
    let floor = machine.floor(flops: workload.flops, bytes: workload.bytes)
    print(
      "\(workload.name): \(cell(1e-9 / machine.flop.wall, 0, width: 1)) GFLOP/s,",
      "\(cell(1e-9 / machine.byte.wall, 1, width: 1)) GB/s, floor",
      cell(1e3 * floor.wall, 1, width: 1),
      "ms, pass", cell(1e3 * best.wall, 1, width: 1), "ms, ratio",
      cell(best.wall / floor.wall, 2, width: 1), "(processor time",
      cell(1e3 * best.processor, 1, width: 1), "ms,",
      cell(best.processor / floor.processor, 2, width: 1) + ")")
  }

  for (rows, columns, classes) in [(1_000_000, 100, 10), (60_000, 784, 10), (50_000, 256, 1000)] {
    let workload = PassWorkload(rows: rows, columns: columns, classes: classes)
    report(workload)
    report(workload.inSinglePrecision)
  }
  report(PassWorkload.sparse(rows: 100_000, columns: 50_000, entries: 80, classes: 20))
}
