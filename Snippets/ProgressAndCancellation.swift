// Shows the progress of a fit, and stops another one from outside.
import Surprisal
import Synchronization

var random = SplitMix64(seed: 1)
let rows = (0..<500).map { _ in (0..<5).map { _ in Double.random(in: -1...1, using: &random) } }
let data = try Dataset(
  features: rows, labels: .classes(rows.map { $0[0] + 2 * $0[1] > 0 ? "yes" : "no" }))

var run = FitRun()
run.observer = { progress in
  print("step \(progress.iteration): objective \((progress.value * 1e6).rounded() / 1e6)")
  return true
}
_ = try Specification(prior: .l2(0.1)).fit(data, in: run)

final class Switch: Sendable {
  let isOn = Atomic(false)
}
let stop = Switch()
run.observer = { _ in !stop.isOn.load(ordering: .relaxed) }
stop.isOn.store(true, ordering: .relaxed)
let stopped = try Specification(prior: .l2(0.1)).fit(data, in: run)
print("converged:", stopped.convergence.isConverged)
