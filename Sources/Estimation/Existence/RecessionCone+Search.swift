import SurprisalLinearAlgebra
import SurprisalProbability

extension RecessionCone {
  /// The largest number of coefficients for which square matrices are kept in memory.
  static let largestParameterCount = 4000

  /// The default limit on multiplications: a few seconds.
  package static let defaultWorkLimit = 1e10

  /// Decides whether the maximum exists.
  ///
  /// `directions` are candidates for a separating direction, each `[W: C x D | b: C]`: the last
  /// step of the fit and its parameters are good ones. `fitted` are the probabilities of the fit to
  /// the same data; they prove existence if the fit has converged, and complete candidate sets. If
  /// neither suffices, a linear program decides. The answer depends only on the arguments, not on
  /// time or threads.
  ///
  /// Complexity: O(N C D) for candidates that separate completely; O(N C² D² + (C D)³) for the
  /// proof by `fitted`; a linear program of (C - 1)(D + 1) rows otherwise.
  package func search(
    directions: [[Double]] = [], fitted: ClassProbabilities? = nil,
    workLimit: Double = Self.defaultWorkLimit
  ) -> Existence {
    if Self.hasFullSupport(labels, weights: weights) { return .attained(.fullSupport) }
    if case .candidates(let sets) = labels {
      let terms = (0..<sets.rowCount).map { [sets.membership.row($0)] }
      return searchMixture(
        terms, directions: directions, fitted: fitted, workLimit: workLimit)
    }
    if case .evidence(let evidence) = labels {
      let terms = (0..<evidence.rowCount).map { [evidence.ranks(ofRow: $0)] }
      return searchMixture(
        terms, directions: directions, fitted: fitted, workLimit: workLimit)
    }
    let constraints = LogitConstraints(labels, weights: weights)
    return search(from: constraints, directions, fitted, workLimit)
  }

  /// Decides in double precision and, if rounding leaves the result open and the problem is small,
  /// in exact arithmetic.
  func search(
    from first: LogitConstraints, _ directions: [[Double]], _ fitted: ClassProbabilities?,
    _ workLimit: Double
  ) -> Existence {
    let found = searchInDoubles(from: first, directions, fitted, workLimit)
    switch found {
    case .undecided(.precision): return decideExactly(first) ?? found
    case .separated(let separation) where !separation.isExhaustive:
      return decideExactly(first) ?? found
    case .attained(.fittedPoint(let margin)), .attained(.linearProgram(let margin)):
      // Standardised columns are rounded, which may have broken ties of the given columns.
      guard margin < Self.clearMargin, case .separated(let exact) = decideExactly(first) else {
        return found
      }
      return .separated(exact)
    default: return found
    }
  }

  /// Proofs with a smaller margin are repeated in exact arithmetic.
  private static let clearMargin = 1e6

  /// Frees classes along one direction after the other until no logit may decrease any more.
  private func searchInDoubles(
    from first: LogitConstraints, _ directions: [[Double]], _ fitted: ClassProbabilities?,
    _ workLimit: Double
  ) -> Existence {
    var workLeft = workLimit
    var found: VerifiedDirection?
    let guesses = guesses(directions, first)
    while (found?.constraints ?? first).hasInequalities {
      let finding = next(found?.constraints ?? first, guesses, fitted, &workLeft)
      guard case .direction(let step) = finding else {
        guard let found else { return finding.existence }
        return verdict(along: found, from: first, isExhaustive: finding.isProof)
      }
      guard let current = found else {
        found = step
        continue
      }
      guard let sum = combine(current, step, first) else {
        return verdict(along: current, from: first, isExhaustive: false)
      }
      found = sum
    }
    guard let found else { return .attained(.fullSupport) }
    return verdict(along: found, from: first, isExhaustive: true)
  }

  /// The result for the present constraints. A direction that holds only up to rounding is accepted
  /// if rows are of comparable size: next to a huge value the differences of all other rows look
  /// like rounding.
  private func verdict(
    along found: VerifiedDirection, from first: LogitConstraints, isExhaustive: Bool
  ) -> Existence {
    guard found.isRigorous || design.hasComparableRows else { return .undecided(.precision) }
    return .separated(separation(along: found, from: first, isExhaustive: isExhaustive))
  }

  enum Finding {
    case direction(VerifiedDirection)
    case proof(Existence.ExistenceProof)
    case undecided(Existence.Indecision)

    var isProof: Bool { if case .proof = self { true } else { false } }

    /// The result if nothing was found before.
    var existence: Existence {
      switch self {
      case .direction: .undecided(.precision)
      case .proof(let proof): .attained(proof)
      case .undecided(let reason): .undecided(reason)
      }
    }
  }

  /// One more direction, or the proof that there is none, by the cheapest sufficient method.
  private func next(
    _ constraints: LogitConstraints, _ guesses: [[Double]], _ fitted: ClassProbabilities?,
    _ workLeft: inout Double
  ) -> Finding {
    for guess in guesses {
      guard spend(passWork, &workLeft) else { return .undecided(.workLimit) }
      if let found = verify(guess, constraints) { return .direction(found) }
    }
    guard parameterCount <= Self.largestParameterCount else {
      return .undecided(.parameterCount(parameterCount))
    }
    guard spend(gramWork, &workLeft) else { return .undecided(.workLimit) }
    let space = DirectionSpace(self, constraints)
    if constraints.hasSharedRows, spend(gramWork, &workLeft) {
      let shared = DirectionSpace(self, constraints.equalitiesOnly)
      if shared.rank == space.rank, shared.isClear { return .proof(.sharedSupport) }
    }
    for guess in guesses where spend(gramWork, &workLeft) {
      if let found = round(guess, constraints) { return .direction(found) }
    }
    if let fitted, spend(gramWork, &workLeft),
      let margin = margin(at: fitted, constraints, space)
    {
      return .proof(.fittedPoint(margin: margin))
    }
    return decide(constraints, space, &workLeft)
  }

  /// Uses a linear program if it is small, Newton's method if that is faster, and each if the other
  /// does not finish.
  private func decide(
    _ constraints: LogitConstraints, _ space: DirectionSpace, _ workLeft: inout Double
  ) -> Finding {
    let size = Double(space.rank)
    let prefersNewton =
      method.map { $0 == .newton } ?? (60 * size * size * size > Self.smallProgramWork)
    if prefersNewton {
      if let finding = fitLimit(constraints, space, &workLeft) { return finding }
      return solveProgram(constraints, space, &workLeft)
    }
    let finding = solveProgram(constraints, space, &workLeft)
    guard case .undecided = finding else { return finding }
    return fitLimit(constraints, space, &workLeft) ?? finding
  }

  /// Linear programs with fewer multiplications than this, about a second, are tried first.
  private static let smallProgramWork = 5e8

  /// Subtracts `work` from the remaining work; false if not enough is left or the caller has
  /// cancelled.
  func spend(_ work: Double, _ left: inout Double) -> Bool {
    left -= work
    return left >= 0 && !isCancelled()
  }

  /// The multiplications of one pass over the data.
  var passWork: Double { Double(design.matrix.rowCount) * Double(parameterCount) }

  /// The multiplications of a square matrix of the parameters and its factor.
  var gramWork: Double {
    let size = Double(parameterCount)
    return Double(design.matrix.rowCount) * size * size / 4 + size * size * size / 3
  }

  /// The caller's directions, and for each class that is in no label's support the direction in
  /// which its intercept decreases.
  func guesses(_ directions: [[Double]], _ constraints: LogitConstraints) -> [[Double]] {
    let expected = classCount * (design.featureCount + (design.includesIntercept ? 1 : 0))
    var result = directions.compactMap { guess -> [Double]? in
      precondition(guess.count == expected, "a direction has the shape of the parameters")
      let direction = design.direction(of: guess, classCount: classCount)
      return direction.isFinite && direction.infinityNorm > 0 ? direction : nil
    }
    guard design.includesIntercept else { return result }
    var unseen = Set(0..<classCount)
    for row in 0..<constraints.rowCount where constraints.leaders[row] != nil {
      if unseen.isEmpty { break }
      unseen = unseen.filter { constraints[row, class: $0] != .equal }
    }
    if !unseen.isEmpty {
      var fall = [Double](repeating: 0, count: parameterCount)
      for index in unseen { fall[(index + 1) * design.columnCount - 1] = -1 }
      result.append(fall)
    }
    return result
  }
}
