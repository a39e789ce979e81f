import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Average marginal effects with standard errors by the delta method.
///
/// For a column of numbers: the mean over rows of `∂q_k/∂x`, through every design column that
/// involves it. For a column of numbers that is 0 or 1 in all rows: the mean of `q_k` at 1 minus
/// that at 0. For a text column: the mean of `q_k` at a level minus that at the base level, other
/// columns unchanged. Columns may be set to values in all rows before. The gradient with respect to
/// the coefficients, averaged in the same way, gives the variance `g' V g` for given rows. The
/// effects of one column on all classes sum to zero. Rows are added batch by batch, so memory does
/// not grow with them. If the mean is not the softmax of the logits (continuous categorical), its
/// derivatives are differences of fourth order, to some 1e-9. Reference: Greene, Econometric
/// Analysis, 7th ed. (2012), section 18.2.
public struct MarginalEffects: Sendable {
  private let classifier: ModelClassifier<LinearPredictor>
  private let terms: [EffectTerm]
  private let settings: [(source: EffectSource, value: EffectSetting.Value)]
  /// For each change of a number from 0 to 1, the values of the rows before settings.
  private var values: [BinaryValues]
  /// The type of the standard errors.
  public let uncertainty: UncertaintyRecord
  /// The coverage of intervals.
  public let level: Double
  private let covariance: LogitCovariance?
  /// Why effects have no standard errors; nil if they have.
  public let absenceOfErrors: PredictionRefusal?
  /// Term by term, class by class; then the predictions of all classes.
  private var sums: [Double]
  private var gradients: [[Double]]
  private var totalWeight = 0.0

  /// Effects without rows, with columns set to values in all rows.
  ///
  /// Throws `PredictionRefusal` if coefficients are infinite, a column cannot be set, or `level` is
  /// not between 0 and 1.
  public init(
    of classifier: ModelClassifier<LinearPredictor>, parameters: ParameterTable,
    level: Double = 0.95, settings: [EffectSetting] = []
  ) throws(PredictionRefusal) {
    guard level > 0, level < 1 else { throw .level(level) }
    guard !parameters.rows.contains(where: { $0.state.isInfinite }) else {
      throw .infiniteCoefficients
    }
    self.classifier = classifier
    let classes = classifier.classNames.count
    do throws(PredictionRefusal) {
      covariance = try LogitCovariance(of: parameters, classCount: classes)
      absenceOfErrors = nil
    } catch {
      covariance = nil
      absenceOfErrors = error
    }
    uncertainty = parameters.uncertainty
    self.level = level
    terms = EffectTerm.all(of: classifier.encoding)
    values = [BinaryValues](repeating: BinaryValues(), count: terms.count)
    var sources: [(source: EffectSource, value: EffectSetting.Value)] = []
    for setting in settings {
      let index = classifier.encoding.sources.firstIndex { $0.name == setting.column }
      guard let source = index.flatMap({ EffectSource($0, in: classifier.encoding) }) else {
        throw .fixedColumn(setting.column)
      }
      sources.append((source, setting.value))
    }
    self.settings = sources
    sums = [Double](repeating: 0, count: (terms.count + 1) * classes)
    let size = covariance?.matrix.dimension ?? 0
    gradients = [[Double]](repeating: [Double](repeating: 0, count: size), count: sums.count)
  }

  /// Adds rows with their weights; without weights all rows are equal.
  ///
  /// Throws `DatasetError`; `.rowMismatch` unless there is one weight per row and offsets are N x
  /// C. Complexity: O(N T C P) for T terms and P coefficients.
  public mutating func add(
    _ features: Features, offsets: BlockedMatrix? = nil, weights: [Double]? = nil
  ) throws(DatasetError) {
    let design = try features.coded(as: classifier.encoding).matrix
    if let weights {
      try DatasetError.require("weights", weights.count, equals: design.rowCount)
    }
    try classifier.require(design, offsets)
    for row in 0..<design.rowCount {
      let weight = weights?[row] ?? 1
      guard weight > 0 else { continue }
      totalWeight += weight
      add(design.row(row), offsets.map { $0.row(row) }, weight)
    }
  }

  /// The effects over the added rows: term by term, class by class. Empty if no row was added.
  public func effects() -> [MarginalEffect] {
    guard totalWeight > 0 else { return [] }
    let classes = classifier.classNames.count
    let rule = uncertainty.rule(level: level)
    return (0..<terms.count * classes).compactMap { index in
      let place = index / classes
      let term = terms[place]
      switch term.change {
      case .derivative where values[place + 1].isBinary: return nil
      case .discrete where !values[place].isBinary: return nil
      default: break
      }
      return MarginalEffect(
        column: term.source.name, change: term.change, classIndex: index % classes,
        estimate: sums[index] / totalWeight, standardError: standardError(gradients[index]),
        rule)
    }
  }

  /// The mean predictions of the added rows, class by class. Empty if no row was added.
  public func means() -> [MarginalMean] {
    guard totalWeight > 0 else { return [] }
    let classes = classifier.classNames.count
    let rule = uncertainty.rule(level: level)
    return (0..<classes).map { unit in
      let index = terms.count * classes + unit
      let (mean, error) = (sums[index] / totalWeight, standardError(gradients[index]))
      return MarginalMean(
        classIndex: unit, estimate: mean, standardError: error,
        interval: WaldStatistic(mean, error, rule)?.interval)
    }
  }

  private func standardError(_ gradient: [Double]) -> Double? {
    guard let covariance else { return nil }
    let variance = gradient.dot(covariance.matrix.multiply(gradient))
    guard variance.isFinite, variance >= 0 else { return nil }
    return variance.squareRoot() / totalWeight
  }

  private mutating func add(_ given: [Double], _ offsets: [Double]?, _ weight: Double) {
    let row = settings.reduce(given) { $1.source.row($0, at: $1.value) }
    let plain = point(row, offsets)
    for (index, term) in terms.enumerated() {
      guard let (high, low) = term.ends else {
        addDerivative(index, plain, term.source.slopes(at: row), weight)
        continue
      }
      if term.change == .discrete {
        values[index].note(term.source.number(in: given))
        if values[index].hasOther { continue }
      }
      add(index, point(term.source.row(row, at: high), offsets), weight)
      add(index, point(term.source.row(row, at: low), offsets), -weight)
    }
    add(terms.count, plain, weight)
  }

  /// A design row with its probabilities.
  private struct Point {
    let row: [Double]
    let shares: [Double]
    /// The logits, if the mean is not their softmax.
    let mean: MeanOfLogits?
  }

  private func point(_ row: [Double], _ offsets: [Double]?) -> Point {
    let (model, change) = (classifier.model, classifier.standardization)
    let units = row.indices.map { (row[$0] - change.centers[$0]) / change.scales[$0] }
    let logits = (0..<model.classCount).map { unit -> Double in
      let first = model.weight(class: unit, feature: 0)
      var sum = model.hasIntercept ? classifier.parameters[model.intercepts.lowerBound + unit] : 0
      for (column, value) in units.enumerated() {
        sum += classifier.parameters[first + column] * value
      }
      return sum + (offsets?[unit] ?? 0)
    }
    guard !classifier.likelihood.meanIsSoftmax else {
      return Point(row: row + [1], shares: Softmax.probabilities(logits), mean: nil)
    }
    let mean = MeanOfLogits(likelihood: classifier.likelihood, logits: logits)
    return Point(row: row + [1], shares: mean.value, mean: mean)
  }

  /// Adds `weight q` of each class, and its gradient `q_k (δ_kj - q_j) x`.
  private mutating func add(_ index: Int, _ point: Point, _ weight: Double) {
    let shares = point.shares
    let slopes = point.mean?.slopes
    for unit in shares.indices {
      let place = index * shares.count + unit
      sums[place] += weight * shares[unit]
      guard let covariance else { continue }
      for (other, own) in covariance.terms.enumerated() where !own.isEmpty {
        let factor =
          slopes.map { weight * $0[other][unit] }
          ?? weight * shares[unit] * ((unit == other ? 1 : 0) - shares[other])
        for term in own { gradients[place][term.place] += factor * point.row[term.column] }
      }
    }
  }

  /// With a_k the slope of logit k and ā their mean: q_k (a_k - ā), with derivatives `q_k (δ_kj -
  /// q_j)(a_k - ā) - q_k q_j (a_j - ā)` with respect to logit j and `q_k (δ_kj - q_j)` with respect
  /// to a_j.
  private mutating func addDerivative(
    _ index: Int, _ point: Point, _ slopes: [(column: Int, slope: Double)], _ weight: Double
  ) {
    let shares = point.shares
    let (model, map) = (classifier.model, classifier.affineMap)
    let logitSlopes = shares.indices.map { unit in
      slopes.reduce(0) {
        let weight = classifier.parameters[model.weight(class: unit, feature: $1.column)]
        return $0 + map.slope(weight, $1.column) * $1.slope
      }
    }
    var direction = [Double](repeating: 0, count: point.row.count)
    for (column, slope) in slopes { direction[column] = slope }
    if let mean = point.mean {
      addDerivative(index, point.row, mean, logitSlopes, direction, weight)
      return
    }
    let mean = shares.dot(logitSlopes)
    for unit in shares.indices {
      let place = index * shares.count + unit
      let part = weight * shares[unit]
      sums[place] += part * (logitSlopes[unit] - mean)
      guard let covariance else { continue }
      for (other, own) in covariance.terms.enumerated() where !own.isEmpty {
        let difference = (unit == other ? 1 : 0) - shares[other]
        let level =
          difference * (logitSlopes[unit] - mean) - shares[other] * (logitSlopes[other] - mean)
        for term in own {
          gradients[place][term.place] +=
            part * (level * point.row[term.column] + difference * direction[term.column])
        }
      }
    }
  }

  /// The same if the mean is not the softmax: J a, with J the derivatives of the mean with respect
  /// to the logits, and the derivatives of J a with respect to logits and a.
  private mutating func addDerivative(
    _ index: Int, _ row: [Double], _ mean: MeanOfLogits, _ logitSlopes: [Double],
    _ direction: [Double], _ weight: Double
  ) {
    let first = mean.slopes
    let second = covariance == nil ? nil : mean.slopes(ofSlopesAlong: logitSlopes)
    for unit in logitSlopes.indices {
      let place = index * logitSlopes.count + unit
      for (other, slope) in logitSlopes.enumerated() {
        sums[place] += weight * first[other][unit] * slope
      }
      guard let covariance, let second else { continue }
      for (other, own) in covariance.terms.enumerated() where !own.isEmpty {
        for term in own {
          gradients[place][term.place] +=
            weight
            * (second[other][unit] * row[term.column] + first[other][unit] * direction[term.column])
        }
      }
    }
  }
}

/// The mean of a likelihood as a function of the logits, with derivatives by differences.
private struct MeanOfLogits {
  let likelihood: any Likelihood
  let logits: [Double]

  var value: [Double] { value(at: logits) }

  private func value(at logits: [Double]) -> [Double] {
    var tile = Tile(unitCount: logits.count, capacity: 1)
    tile.fill(0..<logits.count) { _ in 0 }
    for unit in logits.indices { tile[unit, 0] = logits[unit] }
    likelihood.predictMean(classCount: logits.count, examples: 1, tile: &tile)
    return logits.indices.map { tile[$0, 0] }
  }

  /// The derivatives of the means of all classes: one vector for each logit.
  var slopes: [[Double]] { slopes(at: logits) }

  private func slopes(at logits: [Double]) -> [[Double]] {
    logits.indices.map { unit in
      Self.difference(step: 0.01) { change in
        var moved = logits
        moved[unit] += change
        return value(at: moved)
      }
    }
  }

  /// The derivatives of `slopes` along a direction of the logits.
  func slopes(ofSlopesAlong direction: [Double]) -> [[Double]] {
    let size = direction.reduce(0) { max($0, $1.magnitude) }
    guard size > 0 else { return logits.map { _ in [Double](repeating: 0, count: logits.count) } }
    let flat = Self.difference(step: 0.05) { change in
      slopes(at: zip(logits, direction).map { $0 + change * $1 / size }).flatMap { $0 }
    }
    return logits.indices.map { unit in
      flat[unit * logits.count..<(unit + 1) * logits.count].map { $0 * size }
    }
  }

  /// The derivative of a vector by a difference of fourth order.
  private static func difference(step: Double, _ value: (Double) -> [Double]) -> [Double] {
    let near = zip(value(step), value(-step)).map { $0 - $1 }
    let far = zip(value(2 * step), value(-2 * step)).map { $0 - $1 }
    return zip(near, far).map { (8 * $0 - $1) / (12 * step) }
  }
}
