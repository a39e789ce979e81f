import SurprisalDatasets
import SurprisalLinearAlgebra

/// The given features of a small problem, for decisions in exact arithmetic.
struct ExactFeatures: Sendable {
  /// All columns, N x D.
  let given: BlockedMatrix
  /// The columns used in the fit, by position.
  let kept: [Int]
  /// The standardisation of the columns in the fit.
  let standardization: Standardization
}

/// The rows of a design as whole numbers: columns are multiplied by powers of ten.
private struct ExactDesign {
  /// One row per row of the data, with 1 at the end if there is an intercept.
  private(set) var rows: [[BigInteger]]
  /// The powers of ten by which the columns of features were divided.
  let powers: [Int]
  /// For each row, the number of the first row that equals it.
  private(set) var firsts: [Int] = []
  /// The largest number of words of an entry.
  let wordCount: Int

  init(_ features: ExactFeatures, columns: [Int], includesIntercept: Bool) {
    let count = features.given.rowCount
    let decimals = columns.map { column in
      features.given.column(features.kept[column]).map { BigInteger.decimal(of: $0) }
    }
    let powers = decimals.map { $0.lazy.filter { !$0.digits.isZero }.map(\.power).min() ?? 0 }
    rows = (0..<count).map { row in
      let entries = zip(decimals, powers).map { column, power in
        column[row].digits.isZero
          ? .zero : column[row].digits * .powerOfTen(column[row].power - power)
      }
      return entries + (includesIntercept ? [.one] : [])
    }
    self.powers = powers
    wordCount = rows.joined().map(\.words.count).max() ?? 0
    var places: [[BigInteger]: Int] = [:]
    firsts = rows.indices.map { row in
      if let place = places[rows[row]] { return place }
      places[rows[row]] = row
      return row
    }
  }
}

extension RecessionCone {
  /// The work limit of exact arithmetic, in products of words: a second or less.
  private static let exactWorkLimit = 2e8

  /// Decides exactly for the decimal numbers from which the features were read; nil if the problem
  /// is too large.
  ///
  /// Finds all classes that any direction frees, and the differences of coefficients that stay
  /// finite.
  func decideExactly(_ first: LogitConstraints) -> Existence? {
    guard let exact, first.hasInequalities else { return nil }
    let columns = design.independent
    let width = columns.count + (design.includesIntercept ? 1 : 0)
    let dimension = (classCount - 1) * width
    // The entries grow to determinants: at most this number of words.
    let pivotWork = Double(dimension) * Double(exact.given.rowCount * (classCount - 1) + dimension)
    guard dimension > 0, 20 * pivotWork * Double(dimension) <= Self.exactWorkLimit else {
      return nil
    }
    let rows = ExactDesign(exact, columns: columns, includesIntercept: design.includesIntercept)
    guard rows.wordCount <= 40 else { return nil }
    var pairs = ExactPairs(first, rows.rows, rows.firsts)
    var direction: [BigInteger]?
    while !pairs.open.isEmpty {
      var program = ExactProgram(
        inequalities: pairs.open.map(\.vector), equations: pairs.equations, dimension: dimension)
      switch program.solve(workLimit: Self.exactWorkLimit, isCancelled: isCancelled) {
      case .stopped: return nil
      case .proof:
        guard let direction else { return .attained(.exactArithmetic) }
        return separation(along: direction, pairs, first, rows)
      case .direction(let found, let values):
        direction = pairs.combine(direction, found)
        pairs.free(values)
      }
    }
    return direction.map { separation(along: $0, pairs, first, rows) } ?? .attained(.fullSupport)
  }

  private func separation(
    along direction: [BigInteger], _ pairs: ExactPairs, _ first: LogitConstraints,
    _ rows: ExactDesign
  ) -> Existence {
    var rest = first
    for pair in pairs.freed {
      for row in rows.firsts.indices
      where rows.firsts[row] == pair.row && first.leaders[row] == pair.leader
        && first[row, class: pair.index] == .atMost
      {
        rest.free(row: row, class: pair.index)
      }
    }
    let map = ExactMap(self, rows.powers)
    return .separated(
      Separation(
        kind: rest.hasInequalities || first.hasSharedRows ? .quasi : .complete,
        direction: map.parameters(of: direction), isRigorous: true, isExhaustive: true,
        separatedRowCount: rest.freedRowCount(since: first), rowCount: first.activeRowCount,
        classCount: classCount,
        groups: map.finiteGroups(ExactSpan(pairs.equations + pairs.open.map(\.vector))),
        columnCount: design.featureCount, freed: rest))
  }
}

/// The distinct conditions of rows, as vectors of coefficients of all classes but the first.
private struct ExactPairs {
  struct Pair: Hashable {
    let row: Int
    let leader: Int
    let index: Int
    let vector: [BigInteger]
  }

  private(set) var equations: [[BigInteger]] = []
  /// The conditions that no direction has freed so far.
  private(set) var open: [Pair] = []
  private(set) var freed: [Pair] = []

  init(_ constraints: LogitConstraints, _ rows: [[BigInteger]], _ firsts: [Int]) {
    var known: Set<[Int]> = []
    for row in 0..<constraints.rowCount {
      guard let leader = constraints.leaders[row] else { continue }
      for index in 0..<constraints.classCount where index != leader {
        let constraint = constraints[row, class: index]
        guard constraint != .free,
          known.insert([firsts[row], leader, index, Int(constraint.rawValue)]).inserted
        else { continue }
        let width = rows[row].count
        var vector = [BigInteger](
          repeating: .zero, count: (constraints.classCount - 1) * width)
        for (place, value) in rows[row].enumerated() {
          if leader > 0 { vector[(leader - 1) * width + place] = value }
          if index > 0 { vector[(index - 1) * width + place] = -value }
        }
        if constraint == .equal {
          equations.append(vector)
        } else {
          open.append(Pair(row: firsts[row], leader: leader, index: index, vector: vector))
        }
      }
    }
  }

  /// A direction that frees everything that either of two frees; the first one has freed `freed`.
  func combine(_ first: [BigInteger]?, _ second: [BigInteger]) -> [BigInteger] {
    guard let first else { return second }
    var factor = BigInteger.one
    for pair in freed {
      let loss = -zip(pair.vector, second).reduce(BigInteger.zero) { $0 + $1.0 * $1.1 }
      if !(loss < factor) { factor = loss + .one }
    }
    // A freed pair increases by at least one along the first direction.
    return zip(first, second).map { $0 * factor + $1 }
  }

  mutating func free(_ values: [BigInteger]) {
    freed += zip(open, values).lazy.filter { $1.isPositive }.map(\.0)
    open = zip(open, values).lazy.filter { !$1.isPositive }.map(\.0)
  }
}

/// The map from coefficients of the exact design to those of the fit's standardised columns.
private struct ExactMap {
  private let cone: RecessionCone
  private let powers: [Int]
  private let width: Int
  /// The factors of the coefficients in the intercept for standardised columns: the centers, and 1,
  /// all multiplied by one power of ten.
  private let interceptTerms: [BigInteger]
  private let interceptPower: Int

  init(_ cone: RecessionCone, _ powers: [Int]) {
    self.cone = cone
    self.powers = powers
    width = powers.count + (cone.design.includesIntercept ? 1 : 0)
    let centers = cone.design.independent.map {
      BigInteger.decimal(of: cone.exact?.standardization.centers[$0] ?? 0)
    }
    let exponents = zip(centers, powers).map { $0.power - $1 }
    let least = min(exponents.min() ?? 0, 0)
    interceptTerms =
      zip(centers, exponents).map { $0.digits * .powerOfTen($1 - least) }
      + [.powerOfTen(-least)]
    interceptPower = least
  }

  /// The direction `[W: C x D | b: C]`, its largest entry about 1.
  func parameters(of direction: [BigInteger]) -> [Double] {
    let (classes, columns) = (cone.classCount, cone.design.featureCount)
    let standardization = cone.exact?.standardization
    var entries: [(place: Int, value: Double, exponent: Int)] = []
    for unit in 1..<classes {
      let block = Array(direction[(unit - 1) * width..<unit * width])
      for (place, column) in cone.design.independent.enumerated() {
        let scale = standardization?.scales[column] ?? 1
        entries.append(
          Self.scaled(
            block[place], factor: scale, power: -powers[place], at: unit * columns + column)
        )
      }
      guard cone.design.includesIntercept else { continue }
      let sum = zip(block, interceptTerms).reduce(BigInteger.zero) { $0 + $1.0 * $1.1 }
      entries.append(
        Self.scaled(sum, factor: 1, power: interceptPower, at: classes * columns + unit))
    }
    let top = entries.lazy.filter { $0.value != 0 }.map(\.exponent).max() ?? 0
    var result = [Double](
      repeating: 0, count: classes * (columns + (cone.design.includesIntercept ? 1 : 0)))
    for entry in entries where entry.value != 0 {
      let exponent = max(entry.exponent - top, -1000)
      result[entry.place] = Double(sign: .plus, exponent: exponent, significand: entry.value)
    }
    return result
  }

  private static func scaled(
    _ value: BigInteger, factor: Double, power: Int, at place: Int
  ) -> (place: Int, value: Double, exponent: Int) {
    let digits = value.scaled
    let ten = BigInteger.powerOfTen(abs(power)).scaled
    let quotient =
      power < 0 ? digits.significand / ten.significand : digits.significand * ten.significand
    let exponent = digits.exponent + (power < 0 ? -ten.exponent : ten.exponent)
    return (place, quotient * factor.significand, exponent + Int(factor.exponent))
  }

  /// For each coefficient of the fit the groups of classes with finite differences: those in the
  /// span of the conditions that are not freed.
  func finiteGroups(_ span: ExactSpan) -> [[Int]] {
    let classes = cone.classCount
    var result = [[Int]](
      repeating: [Int](repeating: 0, count: classes),
      count: cone.design.featureCount + (cone.design.includesIntercept ? 1 : 0))
    for place in 0..<width {
      let isIntercept = place == powers.count
      let column = isIntercept ? result.count - 1 : cone.design.independent[place]
      result[column] = (0..<classes).map { index in
        (0..<index).first { other in
          span.contains(functional(place, isIntercept: isIntercept, index, other))
        } ?? index
      }
    }
    return result
  }

  /// The difference of a coefficient of the fit between two classes.
  private func functional(
    _ place: Int, isIntercept: Bool, _ first: Int, _ second: Int
  ) -> [BigInteger] {
    var vector = [BigInteger](repeating: .zero, count: (cone.classCount - 1) * width)
    let terms =
      isIntercept
      ? interceptTerms : (0..<width).map { $0 == place ? BigInteger.one : .zero }
    for (offset, term) in terms.enumerated() {
      if first > 0 { vector[(first - 1) * width + offset] = term }
      if second > 0 { vector[(second - 1) * width + offset] = -term }
    }
    return vector
  }
}
