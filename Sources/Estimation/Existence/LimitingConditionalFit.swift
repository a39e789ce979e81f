import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability

/// Newton's method for the limiting conditional likelihood, restricted to the classes that are not
/// free.
///
/// Labels are replaced by uniform distributions over their support: the existence of a maximum
/// depends only on the supports. If it exists, the iterates converge and the gradient gives a
/// proof; if not, the steps approach a separating direction.
struct LimitingConditionalFit {
  private(set) var parameters: [Double]
  private(set) var step: [Double]
  /// `g' H⁻¹ g`, which tends to zero quadratically if the maximum exists.
  private(set) var squaredDecrement = Double.infinity
  private(set) var curvature: SymmetricMatrix
  private(set) var gradient: ScoreSum

  private let cone: RecessionCone
  private let constraints: LogitConstraints
  private let independent: [Int]
  private var probabilities: [Double] = []
  private var value = Double.infinity

  init(_ cone: RecessionCone, _ constraints: LogitConstraints, _ space: DirectionSpace) {
    self.cone = cone
    self.constraints = constraints
    independent = space.independent
    parameters = [Double](repeating: 0, count: cone.parameterCount)
    step = parameters
    curvature = space.gram
    gradient = ScoreSum(cone.design, classCount: cone.classCount) { _, _ in 0 }
    (value, probabilities) = evaluate(parameters)
    linearize()
  }

  /// Takes one step, halved until the likelihood increases; false if it no longer does.
  mutating func advance() -> Bool {
    guard let newton = newtonStep() else { return false }
    squaredDecrement = -newton.dot(gradient.sum)
    step = newton
    var length = 1.0
    for _ in 0..<40 {
      var trial = parameters
      trial.add(length, times: newton)
      let (found, q) = evaluate(trial)
      if found < value - 1e-4 * length * squaredDecrement {
        (parameters, value, probabilities) = (trial, found, q)
        linearize()
        return true
      }
      length /= 2
    }
    return false
  }

  /// `-H⁻¹ g` on the independent coefficients; a small ridge is added if rounding has made H
  /// singular.
  private func newtonStep() -> [Double]? {
    var matrix = SymmetricMatrix(dimension: independent.count)
    for (row, index) in independent.enumerated() {
      for column in 0...row { matrix[row, column] = curvature[index, independent[column]] }
    }
    let top = matrix.diagonal.infinityNorm
    for ridge in [0, 1e-14, 1e-12, 1e-10, 1e-8] {
      var raised = matrix
      for row in independent.indices { raised[row, row] += ridge * (matrix[row, row] + top) }
      guard let factor = Cholesky(raised, tolerance: 1e-13) else { continue }
      let solution = factor.solve(independent.map { -gradient.sum[$0] })
      guard solution.isFinite else { continue }
      var result = [Double](repeating: 0, count: parameters.count)
      for (place, index) in independent.enumerated() { result[index] = solution[place] }
      return result
    }
    return nil
  }

  private mutating func linearize() {
    let (q, count, constraints) = (probabilities, cone.classCount, constraints)
    let softmax = SoftmaxCurvature(rowCount: constraints.rowCount, classCount: count) { row in
      constraints.leaders[row] == nil ? nil : (1, q[row * count..<(row + 1) * count])
    }
    curvature = cone.design.curvature(softmax, threads: cone.threads, cone.isCancelled)
    let targets = constraints.targets
    gradient = ScoreSum(cone.design, classCount: count) { row, index in
      constraints.leaders[row] == nil ? 0 : q[row * count + index] - targets(row, index)
    }
  }

  /// The negative log-likelihood and the probabilities, N x C.
  private func evaluate(_ parameters: [Double]) -> (Double, [Double]) {
    let count = cone.classCount
    var q = [Double](repeating: 0, count: constraints.rowCount * count)
    var sum = 0.0
    let targets = constraints.targets
    cone.design.forEachLogitBlock(of: parameters, classCount: count) { rows, units, stride in
      for (place, row) in rows.enumerated() where constraints.leaders[row] != nil {
        let open = (0..<count).filter { constraints[row, class: $0] != .free }
        let total = ExponentialSum(open.map { units[$0 * stride + place] })
        sum += Double.log(total.scaled)
        for index in open {
          let logit = units[index * stride + place]
          q[row * count + index] = total.share(of: logit)
          let target = targets(row, index)
          if target > 0 { sum -= target * (logit - total.top) }
        }
      }
    }
    return (sum, q)
  }
}

extension LogitConstraints {
  /// Uniform over the support.
  var targets: (_ row: Int, _ class: Int) -> Double {
    let sizes = (0..<rowCount).map { row in
      (0..<classCount).reduce(0) { $0 + (self[row, class: $1] == .equal ? 1 : 0) }
    }
    return { row, index in
      self[row, class: index] == .equal ? 1 / Double(sizes[row]) : 0
    }
  }
}

extension RecessionCone {
  private static let newtonStepLimit = 40

  /// Runs Newton's method until it finds a direction or a proof; nil if it finds neither in time.
  func fitLimit(
    _ constraints: LogitConstraints, _ space: DirectionSpace, _ workLeft: inout Double
  ) -> Finding? {
    // The first matrix takes as long as a step: it is not computed if no step may follow.
    guard workLeft >= gramWork else { return nil }
    var fit = LimitingConditionalFit(self, constraints, space)
    for count in 1...Self.newtonStepLimit {
      guard spend(gramWork, &workLeft) else { return nil }
      let isMoving = fit.advance()
      if count > 2, let found = verify(fit.parameters, constraints) ?? verify(fit.step, constraints)
      {
        return .direction(found)
      }
      if fit.squaredDecrement < 1e-10, space.isClear,
        let margin = margin(fit.curvature, fit.gradient, constraints, space)
      {
        return .proof(.fittedPoint(margin: margin))
      }
      if count.isMultiple(of: 8) || !isMoving {
        guard spend(gramWork, &workLeft) else { return nil }
        if let found = round(fit.step, constraints) { return .direction(found) }
      }
      if !isMoving { return nil }
    }
    return nil
  }
}
