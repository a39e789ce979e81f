import SurprisalLinearAlgebra

/// A point with the value and the gradient of an objective.
struct Iterate {
  var point: [Double]
  var value: Double
  var gradient: [Double]

  init<O: DifferentiableObjective>(of objective: O, at point: [Double]) {
    self.point = point
    gradient = [Double](repeating: 0, count: point.count)
    value = objective.evaluate(at: point, gradient: &gradient)
  }

  var isFinite: Bool { value.isFinite && gradient.isFinite }
}
