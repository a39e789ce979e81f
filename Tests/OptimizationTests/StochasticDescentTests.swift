import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalOptimization

@Suite struct StochasticDescentTests {
  /// The mean over i of |x - aᵢ|² / 2: its minimum is the mean of the aᵢ, one per batch.
  private struct Means: StochasticObjective {
    var targets: [[Double]] = [[1, 2], [3, -2], [5, 3]]
    var explodes = false
    struct Pass { let epoch: Int }
    var dimension: Int { 2 }
    var batchCount: Int { targets.count }
    func pass(_ epoch: Int) -> Pass { Pass(epoch: epoch) }
    func evaluate(
      batch: Int, of pass: inout Pass, step: Int, at point: [Double], gradient: inout [Double]
    ) -> Double {
      let target = targets[(batch + pass.epoch) % targets.count]
      gradient = zip(point, target).map { $0 - $1 }
      return explodes && step == 4 ? .nan : gradient.dot(gradient) / 2
    }
  }

  private func run(
    _ descent: StochasticDescent, _ rule: some StepRule, objective: Means = Means(),
    scores: [Double]? = nil, startScore: Double? = nil
  ) -> StochasticSolution {
    var next = 0
    return descent.minimize(
      objective, with: rule, from: StochasticState(start: [0, 0], rule: rule),
      startScore: startScore
    ) { _, _ in
      next += 1
      return (0, scores.map { $0[min(next, $0.count) - 1] })
    }
  }

  @Test func bothRulesFindTheMean() {
    let descent = StochasticDescent(
      epochs: 400, learningRate: LearningRate(0.05, schedule: .cosine, warmUp: 10))
    for point in [run(descent, AdamW()).point, run(descent, NesterovDescent(momentum: 0.5)).point] {
      #expect(vectorDistance(point, [3, 1]) < 1e-2)
    }
  }

  /// Two steps computed directly: v = μ v + g, x -= η (g + μ v).
  @Test func nesterovTakesItsSteps() {
    let rule = NesterovDescent(momentum: 0.5, decay: 0.1, decayed: 0..<1)
    var (point, memory) = ([1.0, 2.0], [[0.0, 0.0]])
    rule.step(&point, gradient: [1, -1], memory: &memory, number: 1, rate: 0.1, threads: .one)
    // g = (1.1, -1), v = g: x -= 0.1 * 1.5 g
    #expect(vectorDistance(point, [1 - 0.165, 2.15]) < 1e-15)
    rule.step(&point, gradient: [0, 0], memory: &memory, number: 2, rate: 0.1, threads: .one)
    let slope = 0.1 * 0.835
    let velocity = 0.55 + slope
    #expect((point[0] - (0.835 - 0.1 * (slope + 0.5 * velocity))).magnitude < 1e-15)
  }

  @Test func ratesWarmUpAndFall() {
    let rate = LearningRate(0.2, schedule: .cosine, warmUp: 4)
    #expect(rate.rate(step: 0, of: 24) == 0.05)
    #expect(rate.rate(step: 3, of: 24) == 0.2)
    #expect(rate.rate(step: 4, of: 24) == 0.2)
    #expect((rate.rate(step: 14, of: 24) - 0.1).magnitude < 1e-15)
    #expect(rate.rate(step: 24, of: 24) < 1e-16)
    #expect(LearningRate(0.2).rate(step: 1000, of: 10) == 0.2)
  }

  /// With rate 1 and no momentum a step is the gradient, scaled to the bound.
  @Test func clippingShortensGradients() {
    var descent = StochasticDescent(epochs: 1, learningRate: LearningRate(1), clipping: 0.5)
    let objective = Means(targets: [[3, 4]])
    let clipped = run(descent, NesterovDescent(momentum: 0), objective: objective).state.point
    #expect(vectorDistance(clipped, [0.3, 0.4]) < 1e-15)
    descent.clipping = 100
    let whole = run(descent, NesterovDescent(momentum: 0), objective: objective).state.point
    #expect(whole == [3, 4])
  }

  @Test func keepsTheBestAndStops() {
    let descent = StochasticDescent(epochs: 20, learningRate: LearningRate(0.1), patience: 3)
    let solution = run(descent, AdamW(), scores: [3, 1, 2, 1, 2, 0])
    #expect(solution.termination == .earlyStopping)
    #expect(solution.state.bestEpoch == 2)
    #expect(solution.state.history.count == 5)
    #expect(solution.point != solution.state.point)
  }

  /// The start is a candidate like the point after any pass.
  @Test func noScoreIsWorseThanThatOfTheStart() {
    let descent = StochasticDescent(epochs: 4, learningRate: LearningRate(0.1))
    let worse = run(descent, AdamW(), scores: [3, 2, 1.5, 1], startScore: 0.5)
    #expect(worse.state.bestEpoch == 0)
    #expect(worse.state.bestScore == 0.5)
    #expect(worse.point == [0, 0])
    #expect(worse.state.history.count == 4)
    let better = run(descent, AdamW(), scores: [3, 2, 0.25, 1], startScore: 0.5)
    #expect(better.state.bestEpoch == 3)
    let patient = StochasticDescent(epochs: 9, learningRate: LearningRate(0.1), patience: 2)
    let stopped = run(patient, AdamW(), scores: [3, 2, 1], startScore: 0.5)
    #expect(stopped.termination == .earlyStopping && stopped.state.history.count == 2)
    // NaN is not a candidate.
    #expect(run(descent, AdamW(), scores: [3], startScore: .infinity).state.bestEpoch == 1)
    let wild = run(
      StochasticDescent(epochs: 20, learningRate: LearningRate(50)), NesterovDescent(),
      scores: [1e3], startScore: 0.5)
    #expect(wild.termination == .diverged && wild.point == [0, 0])
  }

  /// The rate falls after each plateau, from the best point, and training ends at the last plateau.
  @Test func aPlateauLowersTheRateAndEnds() {
    let plateau = Plateau(patience: 2)
    var descent = StochasticDescent(
      epochs: 40, learningRate: LearningRate(0.1, schedule: .plateau), plateau: plateau)
    let solution = run(descent, AdamW(), scores: [3, 1, 2])
    #expect(solution.termination == .earlyStopping && solution.state.bestEpoch == 2)
    let rates = solution.state.history.map(\.rate)
    let expected = [4, 2, 2, 2].enumerated().flatMap { index, count in
      [Double](repeating: 0.1 * plateau.share(cuts: index), count: count)
    }
    #expect(vectorDistance(rates, expected) < 1e-15)
    descent.epochs = 5
    #expect(run(descent, AdamW(), scores: [3, 1, 2]).termination == .stepsDone)
    #expect(plateau.standing(scores: [3, 1, 2, 2], start: nil).hasJustFallen)
    #expect(!plateau.standing(scores: [3, 1, 2], start: nil).hasJustFallen)
    // A start that no pass improves on counts like a pass.
    #expect(plateau.standing(scores: [3, 3], start: 1).cuts == 1)
    // The first reduction waits for the minimum number of passes.
    let late = Plateau(patience: 2, least: 5)
    let falls = (1...8).map { late.standing(scores: .init(repeating: 1, count: $0), start: nil) }
    #expect(falls.map(\.cuts) == [0, 0, 0, 0, 1, 1, 2, 2])
  }

  /// Passes discarded in favour of an earlier best point are not part of the path.
  @Test func thePathToTheBestLeavesOutWhatWasGivenUp() {
    let plateau = Plateau(patience: 2)
    // After pass 4 the rate falls, from the point after pass 2; after pass 7 from that after 5.
    let scores = [3, 2, 2.5, 2.5, 1, 1.5, 1.5, 0.5]
    #expect(plateau.path(to: 2, scores: scores, start: nil) == [0, 1])
    #expect(plateau.path(to: 5, scores: scores, start: nil) == [0, 1, 4])
    #expect(plateau.path(to: 8, scores: scores, start: nil) == [0, 1, 4, 7])
    #expect(plateau.path(to: 5, scores: [3, 3, 3, 3, 0.5], start: 1) == [4])
    #expect(plateau.path(to: 0, scores: scores, start: 1).isEmpty)
  }

  /// A run that repeats the rates of another takes as many steps, for any size of its passes.
  @Test func repeatsTheRatesOfAnotherRun() {
    let replay = RateReplay(rates: [0.2, 0.1], stepsPerPass: 4)
    let descent = StochasticDescent(
      epochs: 3, learningRate: LearningRate(1), replay: replay)
    let solution = run(descent, NesterovDescent())
    #expect(solution.state.stepCount == 8)
    #expect(solution.state.history.map(\.rate) == [0.2, 0.1, 0.1])
  }

  /// Cooling replaces the last passes by twice as many with rates that fall to zero.
  @Test func coolsTheLastPasses() {
    let replay = RateReplay(rates: [4, 2, 2], stepsPerPass: 3)
    #expect(replay.cooled(passes: 2).rates == [4, 1.75, 1.25, 0.75, 0.25])
    #expect(replay.cooled(passes: 2).stepCount == 15)
    let all = replay.cooled(passes: 5)
    #expect(all.rates.count == 6 && all.rates[0] == 4 * 11.0 / 12)
    #expect(all.rates == all.rates.sorted(by: >))
  }

  /// NaN ends the run with the point from before the pass.
  @Test func divergenceReturnsToThePassBefore() {
    let descent = StochasticDescent(epochs: 20, learningRate: LearningRate(0.1))
    let solution = run(descent, AdamW(), objective: Means(explodes: true))
    let before = run(StochasticDescent(epochs: 1, learningRate: LearningRate(0.1)), AdamW())
    #expect(solution.termination == .diverged)
    #expect(solution.point == before.point)
    #expect(solution.state.history.count == 1)
    #expect(solution.divergence?.epoch == 2 && solution.divergence?.batch == 2)
    #expect(solution.divergence?.value.isNaN == true)
    #expect(before.divergence == nil)
    let wild = run(StochasticDescent(epochs: 20, learningRate: LearningRate(50)), NesterovDescent())
    #expect(wild.termination == .diverged)
    #expect(wild.point.isFinite)
  }

  /// The state after any pass leads to the same end.
  @Test(arguments: [1, 4, 7])
  func goesOnFromAnyState(passes: Int) {
    let rule = AdamW(decay: 0.1, decayed: 0..<1)
    let descent = StochasticDescent(
      epochs: 8, learningRate: LearningRate(0.1, schedule: .cosine, warmUp: 3))
    let whole = run(descent, rule)
    var kept: StochasticState?
    _ = descent.minimize(Means(), with: rule, from: StochasticState(start: [0, 0], rule: rule)) {
      _, _ in
      (0, nil)
    } observing: {
      kept = $0
      return $0.history.count < passes
    }
    let resumed = descent.minimize(Means(), with: rule, from: kept ?? whole.state) { _, _ in
      (0, nil)
    }
    #expect(kept?.history.count == passes)
    #expect(resumed.state == whole.state)
  }
}
