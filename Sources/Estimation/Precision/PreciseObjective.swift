import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The objective of a small fit of classes, shares or votes in double-double arithmetic.
///
/// With an outlier, rows of very different size, values far from zero or columns that nearly depend
/// on others, a gradient of doubles has too few digits to determine the distance from the minimum,
/// and a curvature matrix too few for standard errors. Here features are transformed to the
/// coordinates of the fit without rounding, and if the fitted probability of a row's class is
/// nearly 1, residuals and curvatures are computed from the probabilities of the other classes, so
/// that they keep their digits however small they are.
package struct PreciseObjective: Sendable {
  /// The most products of a curvature matrix, N P², for which the given features are kept: some
  /// hundredths of a second per matrix.
  static let mostWork = 2_000_000

  private let model: LinearPredictor
  /// Row by row: the columns used, then a one if there are intercepts.
  private let design: [DoubleDouble]
  /// Row by row, the weight of each class times that of the row, and their sum.
  private let targets: [DoubleDouble]
  private let totals: [DoubleDouble]
  private let offsets: [Double]?
  /// The second derivative of the penalty for each weight, in nats.
  private let precisions: [Double]
  /// W.
  let totalWeight: Double

  private var width: Int { model.featureCount + (model.hasIntercept ? 1 : 0) }
  package var rowCount: Int { totals.count }

  /// Whether a problem is small enough.
  static func isSmall(rows: Int, columns: Int, classes: Int) -> Bool {
    let parameters = classes.multipliedSaturating(by: columns)
    return rows.multipliedSaturating(by: parameters.multipliedSaturating(by: parameters))
      <= mostWork
  }

  /// nil if the problem is not small, or has another likelihood or prior.
  init?<L: Likelihood, P: Prior>(_ data: PreparedData<L>, _ objective: AffineObjective<L, P>) {
    guard let given = data.given, data.likelihood.equalsMinusCrossEntropy,
      objective.auxiliaryCount == 0, P.self == FlatPrior.self || P.self == GaussianPrior.self,
      objective.totalWeight.isNormal, objective.totalWeight.exponent.magnitude <= 200
    else { return nil }
    model = objective.model
    totalWeight = objective.totalWeight
    precisions = objective.priorCurvature(
      at: [Double](repeating: 0, count: objective.dimension))
    let rows = 0..<given.rowCount
    let (change, kept) = (data.standardization, data.columns.kept)
    let one = model.hasIntercept ? [DoubleDouble(1)] : []
    design = rows.flatMap { row in
      kept.map {
        DoubleDouble.sum(given[row, $0], -change.centers[$0]) / DoubleDouble(change.scales[$0])
      } + one
    }
    guard design.allSatisfy(\.high.isFinite) else { return nil }
    let targets = rows.map { row -> [DoubleDouble] in
      let weight = DoubleDouble(data.rowWeights[row])
      let values: [Double] =
        if case .counts(let counts) = data.labels {
          (0..<data.labels.classCount).map { counts.values[row, $0] }
        } else {
          data.labels.distribution(ofRow: row)
        }
      return values.map { weight * DoubleDouble($0) }
    }
    totals = targets.map { $0.reduce(.zero, +) }
    self.targets = targets.flatMap { $0 }
    offsets = data.offsets.map { offsets in rows.flatMap { offsets.row($0) } }
  }

  /// Value, gradient and curvature in some of the parameters, not divided by W.
  struct Expansion {
    var value = DoubleDouble.zero
    var gradient: [DoubleDouble]
    /// Row-major, lower triangle; empty if it was not requested.
    var curvature: [DoubleDouble]
  }

  /// The free columns of the design for each class, with their positions among the free parameters.
  private func layout(of free: [Int]) -> [[(column: Int, place: Int)]] {
    var places = [Int: Int]()
    for (place, position) in free.enumerated() { places[position] = place }
    return (0..<model.classCount).map { unit in
      (0..<width).compactMap { column in
        places[position(of: column, in: unit)].map { (column, $0) }
      }
    }
  }

  /// The position in the parameter vector of a column of the design.
  private func position(of column: Int, in unit: Int) -> Int {
    column < model.featureCount
      ? model.weight(class: unit, feature: column) : model.intercepts.lowerBound + unit
  }

  /// The objective with its first two derivatives. Complexity: N P² / 2 products.
  func expand(
    at point: [DoubleDouble], over free: [Int], withCurvature: Bool = true
  ) -> Expansion {
    let count = free.count
    let layout = layout(of: free)
    var result = Expansion(
      gradient: [DoubleDouble](repeating: .zero, count: count),
      curvature: [DoubleDouble](repeating: .zero, count: withCurvature ? count * count : 0))
    for row in 0..<rowCount {
      let state = state(of: row, at: point)
      result.value += state.loss
      let first = row * width
      for (unit, columns) in layout.enumerated() {
        for (column, place) in columns {
          result.gradient[place] += state.residuals[unit] * design[first + column]
        }
        guard withCurvature, !columns.isEmpty else { continue }
        for (other, others) in layout[...unit].enumerated() {
          let weight =
            totals[row] * state.shares[unit]
            * (other == unit ? state.rests[unit] : -state.shares[other])
          if weight.high == 0 { continue }
          for (column, place) in columns {
            let scaled = weight * design[first + column]
            for (second, position) in others where other != unit || position <= place {
              result.curvature[max(place, position) * count + min(place, position)] +=
                scaled * design[first + second]
            }
          }
        }
      }
    }
    addPenalty(to: &result, at: point, over: free, withCurvature: withCurvature)
    return result
  }

  private func addPenalty(
    to result: inout Expansion, at point: [DoubleDouble], over free: [Int], withCurvature: Bool
  ) {
    for (index, precision) in zip(model.weights, precisions) where precision > 0 {
      result.value += DoubleDouble(precision / 2) * point[index] * point[index]
    }
    for (place, position) in free.enumerated() where position < model.weights.upperBound {
      let precision = precisions[position - model.weights.lowerBound]
      guard precision > 0 else { continue }
      result.gradient[place] += DoubleDouble(precision) * point[position]
      if withCurvature { result.curvature[place * (free.count + 1)] += DoubleDouble(precision) }
    }
  }

  /// The scores of the rows in the free parameters, for the likelihood alone.
  package func scores(at point: [Double], over free: [Int]) -> [[DoubleDouble]] {
    let point = point.map { DoubleDouble($0) }
    let layout = layout(of: free)
    return (0..<rowCount).map { row in
      let residuals = state(of: row, at: point).residuals
      var result = [DoubleDouble](repeating: .zero, count: free.count)
      for (unit, columns) in layout.enumerated() {
        for (column, place) in columns {
          result[place] = -(residuals[unit] * design[row * width + column])
        }
      }
      return result
    }
  }

  /// The curvature in the free parameters, factorised; nil if it is singular in this arithmetic
  /// too.
  package func curvature(at point: [Double], over free: [Int]) -> PreciseCholesky? {
    PreciseCholesky(
      expand(at: point.map { DoubleDouble($0) }, over: free).curvature, dimension: free.count)
  }

  /// The largest change of a logit along a direction in the free parameters.
  func largestChange(along direction: [DoubleDouble], over free: [Int]) -> Double {
    let layout = layout(of: free)
    return (0..<rowCount).reduce(0) { largest, row in
      layout.reduce(largest) { largest, columns in
        let change = columns.reduce(DoubleDouble.zero) {
          $0 + direction[$1.place] * design[row * width + $1.column]
        }
        return max(largest, change.high.magnitude)
      }
    }
  }

  /// Shifts the coefficients of a column by the same amount for all classes, which changes nothing
  /// without a prior, so that the classes that differ least keep the digits of their difference
  /// when rounded: one of them becomes zero.
  func settleShifts(of point: inout [DoubleDouble]) {
    for column in 0..<width {
      if column < model.featureCount, precisions[model.weight(class: 0, feature: column)] > 0 {
        continue
      }
      let positions = (0..<model.classCount).map { position(of: column, in: $0) }
      let values = positions.map { point[$0] }
      let spreads = values.map { value in
        values.map { ($0 - value).high.magnitude }.filter { $0 > 0 }.reduce(0.0) {
          $0 + Double.log($1)
        }
      }
      guard let least = spreads.indices.min(by: { spreads[$0] < spreads[$1] }) else { continue }
      for position in positions { point[position] = point[position] - values[least] }
    }
  }

  /// The quantities of a row at a point.
  private struct RowState {
    var loss = DoubleDouble.zero
    /// Total weight times q, minus the target.
    var residuals: [DoubleDouble]
    /// q.
    var shares: [DoubleDouble]
    /// 1 - q.
    var rests: [DoubleDouble]
  }

  private func state(of row: Int, at point: [DoubleDouble]) -> RowState {
    let classes = 0..<model.classCount
    let first = row * model.classCount
    let logits = classes.map { unit -> DoubleDouble in
      var sum = DoubleDouble(offsets?[first + unit] ?? 0)
      guard sum.high.isFinite else { return sum }
      for column in 0..<width {
        sum += point[position(of: column, in: unit)] * design[row * width + column]
      }
      return sum
    }
    let top = logits.reduce(logits[0]) { $0 < $1 ? $1 : $0 }
    let terms = logits.map { $0.high.isFinite ? ($0 - top).exponential : .zero }
    let sum = terms.reduce(.zero, +)
    let logSum = sum.logarithm
    var result = RowState(residuals: [], shares: [], rests: [])
    for unit in classes {
      let target = targets[first + unit]
      let others = classes.reduce(DoubleDouble.zero) { $1 == unit ? $0 : $0 + terms[$1] }
      // The target of the other classes, exact if the label is certain.
      let otherTargets = classes.reduce(DoubleDouble.zero) {
        $1 == unit ? $0 : $0 + targets[first + $1]
      }
      result.shares.append(terms[unit] / sum)
      result.rests.append(others / sum)
      result.residuals.append(otherTargets * result.shares[unit] - target * result.rests[unit])
      if target.high != 0 { result.loss += target * (logSum + top - logits[unit]) }
    }
    return result
  }
}
