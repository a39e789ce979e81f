import SurprisalLinearAlgebra
import SurprisalProbability

extension RecessionCone {
  /// Coefficients up to which square matrices of them are held in memory.
  static let largestParameterCount = 4000

  /// Multiplications allowed by default: a few seconds.
  public static let defaultWorkLimit = 1e10

  /// Finds out whether the maximum exists.
  ///
  /// `directions` are guesses at a separating direction, each `[W: C x D | b: C]`: the last step of
  /// the fit and its parameters are good ones. `fitted` are the probabilities of the fit at this
  /// very data; they settle existence where the fit has converged, and complete candidate sets.
  /// Without either a linear program decides. The answer depends on the arguments alone, never on
  /// time or threads.
  ///
  /// Complexity: O(N C D) for guesses that separate completely; O(N C² D² + (C D)³) for the proof
  /// by `fitted`; a linear program of (C - 1)(D + 1) rows otherwise.
  public func search(
    directions: [[Double]] = [], fitted: ClassProbabilities? = nil,
    workLimit: Double = Self.defaultWorkLimit
  ) -> Existence {
    if Self.hasFullSupport(labels, weights: weights) { return .attained(.fullSupport) }
    if case .candidates(let sets) = labels {
      return searchCompletion(of: sets, directions, fitted, workLimit)
    }
    if case .evidence(let evidence) = labels {
      return searchSupremum(of: evidence, directions, fitted, workLimit)
    }
    let standings = ClassStandings(labels, weights: weights)
    return search(from: standings, directions, fitted, workLimit)
  }

  /// The likelihood of a row is below its supremum, the largest evidence, unless the classes of
  /// largest evidence have all the probability. A direction that gives it to them in every row
  /// shows that there is no maximum; if there is none, nothing follows.
  private func searchSupremum(
    of evidence: ClassEvidence, _ directions: [[Double]], _ fitted: ClassProbabilities?,
    _ workLimit: Double
  ) -> Existence {
    let existence = searchCompletion(of: evidence.bestSupported, directions, fitted, workLimit)
    if evidence.isSets { return existence }
    if case .separated(let separation) = existence, separation.kind == .complete {
      return existence
    }
    return .undecided(.evidence)
  }

  /// The likelihood of candidate sets is not concave. But if one choice of a candidate a row can be
  /// separated from all classes that are no candidates, the likelihood tends to 1, which no finite
  /// coefficients attain.
  private func searchCompletion(
    of sets: CandidateSets, _ directions: [[Double]], _ fitted: ClassProbabilities?,
    _ workLimit: Double
  ) -> Existence {
    let isHard = (0..<sets.rowCount).allSatisfy { row in
      weights.map { $0[row] <= 0 } ?? false || sets.members(ofRow: row).count == 1
    }
    guard let completing = fitted ?? (isHard ? ClassProbabilities(trusting: sets.membership) : nil)
    else { return .undecided(.candidateSets) }
    let standings = ClassStandings(completing: sets, by: completing, weights: weights)
    let existence = search(from: standings, directions, isHard ? fitted : nil, workLimit)
    if isHard { return existence }
    if case .separated(let separation) = existence, separation.kind == .complete {
      return existence
    }
    return .undecided(.candidateSets)
  }

  /// Sets classes free along one direction after the other until nothing can fall behind any more.
  private func search(
    from first: ClassStandings, _ directions: [[Double]], _ fitted: ClassProbabilities?,
    _ workLimit: Double
  ) -> Existence {
    var workLeft = workLimit
    var found: VerifiedDirection?
    let guesses = guesses(directions, first)
    while (found?.standings ?? first).hasExclusions {
      let finding = next(found?.standings ?? first, guesses, fitted, &workLeft)
      guard case .direction(let step) = finding else {
        guard let found else { return finding.existence }
        return .separated(separation(along: found, from: first, isExhaustive: finding.isProof))
      }
      guard let current = found else {
        found = step
        continue
      }
      guard let sum = combine(current, step, first) else {
        return .separated(separation(along: current, from: first, isExhaustive: false))
      }
      found = sum
    }
    guard let found else { return .attained(.fullSupport) }
    return .separated(separation(along: found, from: first, isExhaustive: true))
  }

  enum Finding {
    case direction(VerifiedDirection)
    case proof(Existence.ExistenceProof)
    case undecided(Existence.Indecision)

    var isProof: Bool { if case .proof = self { true } else { false } }

    /// What it says when nothing was found before.
    var existence: Existence {
      switch self {
      case .direction: .undecided(.precision)
      case .proof(let proof): .attained(proof)
      case .undecided(let reason): .undecided(reason)
      }
    }
  }

  /// One more direction, or the proof that there is none, by the cheapest means that will do.
  private func next(
    _ standings: ClassStandings, _ guesses: [[Double]], _ fitted: ClassProbabilities?,
    _ workLeft: inout Double
  ) -> Finding {
    for guess in guesses {
      workLeft -= passWork
      if let found = verify(guess, standings) { return .direction(found) }
    }
    guard parameterCount <= Self.largestParameterCount else {
      return .undecided(.parameterCount(parameterCount))
    }
    guard spend(gramWork, &workLeft) else { return .undecided(.workLimit) }
    let space = DirectionSpace(design, standings, threads)
    if standings.hasSharedRows, spend(gramWork, &workLeft) {
      let shared = DirectionSpace(design, standings.supportedOnly, threads)
      if shared.rank == space.rank, shared.isClear { return .proof(.sharedSupport) }
    }
    for guess in guesses where spend(gramWork, &workLeft) {
      if let found = round(guess, standings) { return .direction(found) }
    }
    if let fitted, spend(gramWork, &workLeft),
      let margin = margin(at: fitted, standings, space)
    {
      return .proof(.fittedPoint(margin: margin))
    }
    return decide(standings, space, &workLeft)
  }

  /// A linear program where it is small, Newton's method where that is faster, and each where the
  /// other does not come to an end.
  private func decide(
    _ standings: ClassStandings, _ space: DirectionSpace, _ workLeft: inout Double
  ) -> Finding {
    let size = Double(space.rank)
    let prefersNewton =
      method.map { $0 == .newton } ?? (60 * size * size * size > Self.smallProgramWork)
    if prefersNewton {
      if let finding = fitLimit(standings, space, &workLeft) { return finding }
      return solveProgram(standings, space, &workLeft)
    }
    let finding = solveProgram(standings, space, &workLeft)
    guard case .undecided = finding else { return finding }
    return fitLimit(standings, space, &workLeft) ?? finding
  }

  /// Multiplications of a linear program below which it is tried first: about a second.
  private static let smallProgramWork = 5e8

  func spend(_ work: Double, _ left: inout Double) -> Bool {
    left -= work
    return left >= 0
  }

  /// Multiplications of one pass over the data.
  var passWork: Double { Double(design.matrix.rowCount) * Double(parameterCount) }

  /// Multiplications of a square matrix of the parameters and its factor.
  var gramWork: Double {
    let size = Double(parameterCount)
    return Double(design.matrix.rowCount) * size * size / 4 + size * size * size / 3
  }

  /// The caller's directions, and for each class that no label gives a share to the direction in
  /// which its intercept falls.
  private func guesses(_ directions: [[Double]], _ standings: ClassStandings) -> [[Double]] {
    let expected = classCount * (design.featureCount + (design.includesIntercept ? 1 : 0))
    var result = directions.compactMap { guess -> [Double]? in
      precondition(guess.count == expected, "a direction has the shape of the parameters")
      let direction = design.direction(of: guess, classCount: classCount)
      return direction.isFinite && direction.infinityNorm > 0 ? direction : nil
    }
    guard design.includesIntercept else { return result }
    var unseen = Set(0..<classCount)
    for row in 0..<standings.rowCount where standings.leaders[row] != nil {
      if unseen.isEmpty { break }
      unseen = unseen.filter { standings[row, class: $0] != .supported }
    }
    if !unseen.isEmpty {
      var fall = [Double](repeating: 0, count: parameterCount)
      for index in unseen { fall[(index + 1) * design.columnCount - 1] = -1 }
      result.append(fall)
    }
    return result
  }
}
