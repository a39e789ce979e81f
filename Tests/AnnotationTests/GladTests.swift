import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// The model with abilities and difficulties against another program, finite differences, and
/// simulated truth.
@Suite struct GladTests {
  /// Maximum and standard errors are those of Newton's method in Python, on all parameters at once;
  /// weights, known classes and an item without votes included.
  @Test(arguments: ["two", "three"]) func maximumAndErrorsAreThoseOfPython(_ name: String) throws {
    let reference = try ReferenceValue(ofTests: "glad.json")[name]
    let (votes, gold) = try Self.votes(of: reference)
    let fit = try Aggregation(
      votes, options: AggregationOptions(method: .glad, restarts: 10), gold: gold, reducer: .one)
    let model = try #require(fit.model)
    let difficulty = try #require(model.difficulty)
    let uncertainty = try #require(fit.uncertainty)
    #expect(model.hasConverged)
    #expect((model.logLikelihood - reference["log_likelihood"].number).magnitude < 1e-8)
    #expect((difficulty.logPrior - reference["log_prior"].number).magnitude < 1e-8)
    #expect((model.value - model.logLikelihood - difficulty.logPrior).magnitude < 1e-12)
    #expect(model.parameterCount == votes.annotatorCount + votes.classCount - 1)
    #expect(uncertainty.kind == .joint)
    for (key, found) in [
      ("ability", difficulty.abilities), ("log_difficulty", difficulty.logDifficulties),
      ("class_prior", model.classPrior), ("ability_error", difficulty.abilityErrors),
      ("log_difficulty_error", difficulty.logDifficultyErrors),
      ("class_prior_error", uncertainty.classPrior),
      ("accuracy", fit.annotators.map(\.accuracy)), ("accuracy_error", uncertainty.accuracy),
    ] {
      let expected = reference[key].numbers
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) { #expect((a - b).magnitude < 1e-7, "\(key)") }
    }
    #expect(fit.aic == nil && fit.bic == nil)
  }

  /// Errors of each ability alone are a little too small.
  @Test func separateErrorsAreSmaller() throws {
    let (votes, gold) = try Self.votes(of: ReferenceValue(ofTests: "glad.json")["three"])
    let likelihood = GladLikelihood(votes, gold: gold, reducer: .one)
    let options = AggregationOptions(method: .glad, restarts: 0)
    let shares = Aggregation.shares(of: votes.counts, classCount: 3, ofWinners: false).shares
    let ascent = GladAscent(likelihood, options, from: shares)
    let joint = try #require(GladInformation(likelihood, at: ascent.point).errors())
    let alone = try #require(GladInformation(likelihood, at: ascent.point).separateErrors())
    #expect(joint.uncertainty.kind == .joint && alone.uncertainty.kind == .rows)
    for (a, b) in zip(
      alone.abilities + alone.uncertainty.accuracy, joint.abilities + joint.uncertainty.accuracy)
    {
      #expect(a < b + 1e-12 && a > 0.5 * b)
    }
  }

  private static func votes(of reference: ReferenceValue) throws -> (Votes, [Int32]) {
    func codes(_ key: String) -> [Int] { reference[key].numbers.map { Int($0) } }
    let list = zip(codes("item"), zip(codes("annotator"), codes("label"))).map {
      VoteFixture.Vote(item: $0, annotator: $1.0, label: $1.1)
    }
    let votes = try VoteFixture.votes(
      list, items: Int(reference["items"].number), annotators: Int(reference["annotators"].number),
      classes: Int(reference["classes"].number), weights: reference["weight"].numbers)
    return (votes, codes("gold").map { Int32($0) })
  }

  /// Derivatives away from the maximum, with weights, known classes and three classes.
  @Test func gradientIsThatOfFiniteDifferences() throws {
    let (votes, gold) = try Self.votes(of: ReferenceValue(ofTests: "glad.json")["three"])
    let likelihood = GladLikelihood(votes, gold: gold, reducer: .one)
    var point = (0..<likelihood.dimension).map { 1.5 - 0.7 * Double($0 % 5) }
    for k in 0..<3 { point[likelihood.classStart + k] = [0.5, 0.1, -1][k] }
    var (gradient, ignored) = (point, point)
    _ = likelihood.evaluate(at: point, gradient: &gradient)
    for index in point.indices {
      var (above, below) = (point, point)
      above[index] += 1e-5
      below[index] -= 1e-5
      let slope =
        (likelihood.evaluate(at: above, gradient: &ignored)
          - likelihood.evaluate(at: below, gradient: &ignored)) / 2e-5
      #expect(
        (slope - gradient[index]).magnitude < 1e-7 * (1 + slope.magnitude), "coordinate \(index)")
    }
    #expect(gradient.infinityNorm > 0.1)
  }

  @Test func valueNeverFallsAndThreadsGiveTheSameBits() throws {
    let draw = Simulation(items: 3000, annotators: 40, classes: 3, votesPerItem: 5, seed: 3)
    let votes = try draw.votes()
    let one = Self.fit(votes, .glad, threads: 1)
    let model = try #require(one.model)
    #expect(model.hasConverged)
    #expect(model.values.count > 5)
    for (before, after) in zip(model.values, model.values.dropFirst()) {
      #expect(after >= before - 4e-15 * before.magnitude)
    }
    let three = Self.fit(votes, .glad, threads: 3)
    #expect(model.values == three.model?.values)
    #expect(one.labels == three.labels)
    #expect(model.difficulty == three.model?.difficulty)
  }

  /// From one start.
  private static func fit(
    _ votes: Votes, _ method: AggregationMethod, threads: Int = 1
  ) -> Aggregation {
    Aggregation(
      votes, options: AggregationOptions(method: method, restarts: 0),
      reducer: ThreadCount(threads))
  }

  /// A vote of weight 2 is two votes.
  @Test func weightsAreReplicates() throws {
    let list = Simulation(items: 40, annotators: 6, classes: 3, votesPerItem: 4, seed: 5).list
    let weights = list.indices.map { $0 % 3 == 0 ? 2.0 : 1 }
    let repeated = zip(list, weights).flatMap { [VoteFixture.Vote](repeating: $0, count: Int($1)) }
    let a = Self.fit(
      try VoteFixture.votes(list, items: 40, annotators: 6, classes: 3, weights: weights), .glad)
    let b = Self.fit(
      try VoteFixture.votes(repeated, items: 40, annotators: 6, classes: 3), .glad)
    let (x, y) = (try #require(a.model), try #require(b.model))
    #expect((x.value - y.value).magnitude < 1e-10)
    let (first, second) = (try #require(x.difficulty), try #require(y.difficulty))
    for (x, y) in zip(
      first.abilities + first.abilityErrors + first.logDifficulties + a.labels,
      second.abilities + second.abilityErrors + second.logDifficulties + b.labels)
    {
      #expect((x - y).magnitude < 1e-7)
    }
    for (x, y) in zip(a.annotators, b.annotators) {
      #expect((x.accuracy - y.accuracy).magnitude < 1e-7)
      #expect((x.accuracyError - y.accuracyError).magnitude < 1e-7)
    }
  }

  /// Of another vote, the mutual information with the class: computed anew from the posterior with
  /// the vote and without it.
  @Test func nextVotesLowerTheEntropyOfThePosterior() throws {
    let list = Simulation(items: 12, annotators: 5, classes: 3, votesPerItem: 3, seed: 4).list
    let votes = try VoteFixture.votes(list, items: 12, annotators: 5, classes: 3)
    let fit = Self.fit(votes, .glad)
    let model = try #require(fit.model)
    let difficulty = try #require(model.difficulty)
    func entropy(_ p: ArraySlice<Double>) -> Double {
      p.reduce(0) { $1 > 0 ? $0 - $1 * Double.log($1) : $0 }
    }
    let point = difficulty.abilities + model.classPrior.map { Double.log($0) }
    let found = fit.nextVotes(3)
    #expect(found.count == 3)
    for next in found {
      var expected = entropy(fit.labels(ofItem: next.item))
      var prediction = GladPrediction(votes, difficulty, classPrior: model.classPrior)
      prediction.move(to: next.item)
      let rights = prediction.accuracies(ofAnnotator: next.annotator)
      for label in 0..<3 {
        let more = try VoteFixture.votes(
          list + [(next.item, next.annotator, label)], items: 12, annotators: 5, classes: 3)
        let posterior = GladLikelihood(more, gold: nil, reducer: .one).items(at: point).posterior
        let chance = zip(fit.labels(ofItem: next.item), rights.indices).reduce(0) {
          $0 + $1.0 * ($1.1 == label ? rights[$1.1] : (1 - rights[$1.1]) / 2)
        }
        expected -= chance * entropy(posterior[next.item * 3..<next.item * 3 + 3])
      }
      #expect((expected - next.information).magnitude < 1e-9)
    }
  }

  /// Where items differ, the labels are better than those of models without difficulties, and
  /// abilities and difficulties are recovered.
  @Test func difficultiesMakeLabelsBetter() throws {
    let draw = Simulation(items: 2000, annotators: 30, classes: 2, votesPerItem: 7, seed: 11)
    let votes = try draw.votes()
    let fit = Self.fit(votes, .glad)
    let score = draw.logScore(fit.labels)
    for method in [AggregationMethod.oneCoin, .dawidSkene] {
      #expect(score < draw.logScore(Self.fit(votes, method).labels) - 0.005, "\(method)")
    }
    let difficulty = try #require(fit.model?.difficulty)
    #expect(Self.correlation(difficulty.abilities, draw.abilities) > 0.95)
    #expect(Self.correlation(difficulty.logDifficulties, draw.logEase) < -0.4)
  }

  /// Where items do not differ, the labels are nearly those of one accuracy an annotator.
  @Test func equalDifficultiesAreNearOneCoin() throws {
    let (list, _) = VoteFixture.simulated(
      items: 1000, accuracies: [0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6], classes: 2, seed: 8)
    let votes = try VoteFixture.votes(list, items: 1000, annotators: 7, classes: 2)
    let (fit, coin) = (Self.fit(votes, .glad), Self.fit(votes, .oneCoin))
    let same = (0..<1000).count { (fit.labels[2 * $0] > 0.5) == (coin.labels[2 * $0] > 0.5) }
    #expect(same >= 950)
    let abilities = try #require(fit.model?.difficulty).abilities
    for a in 1..<7 { #expect(abilities[a] < abilities[a - 1] + 0.1) }
  }

  static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    let products = zip(x, y).reduce((0.0, 0.0, 0.0)) {
      let (dx, dy) = ($1.0 - mx, $1.1 - my)
      return ($0.0 + dx * dy, $0.1 + dx * dx, $0.2 + dy * dy)
    }
    return products.0 / (products.1 * products.2).squareRoot()
  }

  /// Votes drawn from the model.
  struct Simulation {
    var list: [VoteFixture.Vote] = []
    var truth: [Int] = []
    var abilities: [Double] = []
    var logEase: [Double] = []
    let (annotators, classes): (Int, Int)

    init(items: Int, annotators: Int, classes: Int, votesPerItem: Int, seed: UInt64) {
      (self.annotators, self.classes) = (annotators, classes)
      var generator = SplitMix64(seed: seed)
      func uniform() -> Double { (Double(generator.next() >> 11) + 0.5) * 0x1p-53 }
      func normal() -> Double {
        (-2 * Double.log(uniform())).squareRoot() * Double.cos(2 * .pi * uniform())
      }
      abilities = (0..<annotators).map { _ in 0.8 + 0.8 * normal() }
      for item in 0..<items {
        truth.append(Int(uniform() * Double(classes)))
        logEase.append(0.3 + normal())
        let first = Int(uniform() * Double(annotators))
        for vote in 0..<votesPerItem {
          let annotator = (first + vote * 3) % annotators
          let right = 1 / (1 + Double.exp(-abilities[annotator] * Double.exp(logEase[item])))
          let other = (truth[item] + 1 + Int(uniform() * Double(classes - 1))) % classes
          list.append((item, annotator, uniform() < right ? truth[item] : other))
        }
      }
    }

    func votes() throws -> Votes {
      try VoteFixture.votes(list, items: truth.count, annotators: annotators, classes: classes)
    }

    /// The mean of -log of the label of the true class, at most 30 for each item.
    func logScore(_ labels: [Double]) -> Double {
      truth.indices.reduce(0) {
        $0 - max(-30, Double.log(labels[$1 * classes + truth[$1]]))
      } / Double(truth.count)
    }
  }
}
