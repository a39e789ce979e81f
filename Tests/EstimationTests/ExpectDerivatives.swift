import SurprisalOptimization
import TestSupport
import Testing

/// Compares every entry of a gradient with differences of the objective's values.
func expectDerivatives(
  _ gradient: [Double], of objective: some DifferentiableObjective, at point: [Double]
) {
  #expect(gradient.count == point.count)
  for (index, expected) in gradient.enumerated() {
    let slope = FiniteDifferences.derivative { (step: Double) -> Double in
      var moved = point
      moved[index] += step
      var unused: [Double] = []
      return objective.evaluate(at: moved, gradient: &unused)
    }
    #expect((slope - expected).magnitude < 1e-10, "\(index): \(slope)")
  }
}
