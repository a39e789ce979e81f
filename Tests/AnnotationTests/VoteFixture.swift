import Foundation
import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// Votes for tests, and a likelihood that shares no code with the module.
enum VoteFixture {
  typealias Vote = (item: Int, annotator: Int, label: Int)

  /// The votes of a file of `Tests/Data` with the columns item, annotator and label.
  static func shared(_ name: String) throws -> Votes {
    let table = try SharedTable(name)
    let places = try ["item", "annotator", "label"].map {
      try #require(table.names.firstIndex(of: $0))
    }
    let columns = places.map { place in table.cells.map { $0[place] } }
    let names = [distinct(columns[0]), distinct(columns[1]), Array(Set(columns[2])).sorted()]
    let codes = zip(names, columns).map { names, column -> [Int32] in
      let place = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
      return column.map { place[$0] ?? -1 }
    }
    return try Votes(
      itemNames: names[0], annotatorNames: names[1], classNames: names[2], items: codes[0],
      annotators: codes[1], labels: codes[2])
  }

  private static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  static func votes(
    _ votes: [Vote], items: Int, annotators: Int, classes: Int, weights: [Double]? = nil
  ) throws -> Votes {
    try Votes(
      itemNames: (0..<items).map { "i\($0)" }, annotatorNames: (0..<annotators).map { "a\($0)" },
      classNames: (0..<classes).map { "c\($0)" }, items: votes.map { Int32($0.item) },
      annotators: votes.map { Int32($0.annotator) }, labels: votes.map { Int32($0.label) },
      weights: weights)
  }

  /// Votes of annotators who are correct with the probabilities `accuracies`.
  static func simulated(
    items: Int, accuracies: [Double], classes: Int, seed: UInt64, share: Double = 1
  ) -> (votes: [Vote], truth: [Int]) {
    var generator = SplitMix64(seed: seed)
    func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
    var votes: [Vote] = []
    let truth = (0..<items).map { _ in
      min(classes - 1, Int(uniform() * uniform() * Double(classes) * 1.5))
    }
    for item in 0..<items {
      for (annotator, accuracy) in accuracies.enumerated() where uniform() < share {
        let isRight = uniform() < accuracy
        let other = (truth[item] + 1 + Int(uniform() * Double(classes - 1))) % classes
        votes.append((item, annotator, isRight ? truth[item] : other))
      }
    }
    return (votes, truth)
  }

  /// The log-likelihood by products of probabilities, vote by vote.
  static func logLikelihood(
    _ votes: [Vote], items: Int, classes: Int, prior: [Double], table: [Double],
    weights: [Double]? = nil, isPooled: Bool = false
  ) -> Double {
    var products = [[Double]](repeating: prior, count: items)
    var hasVotes = [Bool](repeating: false, count: items)
    for (index, vote) in votes.enumerated() {
      hasVotes[vote.item] = true
      for k in 0..<classes {
        let cell = (isPooled ? 0 : vote.annotator) * classes + vote.label
        products[vote.item][k] *= Double.pow(table[cell * classes + k], weights?[index] ?? 1)
      }
    }
    return zip(products, hasVotes).reduce(0) {
      $1.1 ? $0 + Double.log($1.0.reduce(0, +)) : $0
    }
  }
}

extension Aggregation {
  /// Aggregates with `--method dawid-skene` by default, in one thread.
  init(
    _ votes: Votes, _ method: AggregationMethod = .dawidSkene, restarts: Int = 0,
    pseudoCounts: PseudoCounts = PseudoCounts()
  ) {
    self.init(
      votes,
      options: AggregationOptions(method: method, pseudoCounts: pseudoCounts, restarts: restarts),
      reducer: .one)
  }
}
