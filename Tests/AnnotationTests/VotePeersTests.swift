import RealModule
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// Compares labels with true classes, and with those of crowd-kit and peerannot for the same votes.
@Suite struct VotePeersTests {
  /// The votes and true classes of a set of `vote_peers.json`.
  private static func data(
    _ name: String, _ reference: ReferenceValue
  ) throws -> (votes: Votes, truth: [Int32]) {
    if name == "rte" {
      let votes = try VoteFixture.shared("rte.csv")
      let gold = try SharedTable("rte_gold.csv").cells
      let known = Dictionary(uniqueKeysWithValues: gold.map { ($0[0], Int32($0[1]) ?? -1) })
      return (votes, votes.itemNames.map { known[$0] ?? -1 })
    }
    let simulation = reference["simulation"]
    let accuracies = simulation["accuracies"].numbers
    let (items, classes) = (
      Int(simulation["items"].number), Int(simulation["classes"].number)
    )
    let (list, truth) = VoteFixture.simulated(
      items: items, accuracies: accuracies, classes: classes,
      seed: UInt64(simulation["seed"].number), share: simulation["share"].number)
    let sum = list.reduce(0) { $0 + ($1.item + 1) * ($1.annotator + 1) * ($1.label + 1) }
    #expect(Double(sum) == reference["checksum"].number, "the votes are those of the reference")
    let votes = try VoteFixture.votes(
      list, items: items, annotators: accuracies.count, classes: classes)
    return (
      votes, truth.indices.map { votes.voteCount(ofItem: $0) > 0 ? Int32(truth[$0]) : -1 }
    )
  }

  /// The maximum is as accurate as any peer; with one pseudo-vote of each annotator for each class,
  /// the log score is better than that of every peer, and at most one item more is wrong.
  @Test(arguments: ["rte", "seven", "twelve"]) func peersAreNotBetter(_ name: String) throws {
    let reference = try ReferenceValue(ofTests: "vote_peers.json")[name]
    let (votes, truth) = try Self.data(name, reference)
    #expect(Double(votes.count) == reference["votes"].number)
    let plain = try #require(try TruthScores(Aggregation(votes), truth: truth))
    let careful = try #require(
      try TruthScores(
        Aggregation(votes, pseudoCounts: PseudoCounts(diagonal: 1, offDiagonal: 1)), truth: truth))
    #expect(reference["peers"].array.count == 4)
    for peer in reference["peers"].array {
      let accuracy = peer["accuracy"].number
      let item = 1 / Double(plain.itemCount)
      #expect(plain.accuracy.value > accuracy - item / 2, "\(peer["program"].text)")
      #expect(careful.accuracy.value > accuracy - 1.5 * item, "\(peer["program"].text)")
      #expect(careful.logScore.value < peer["log_score"].number, "\(peer["program"].text)")
    }
  }

  /// If peerannot converges, it is at the same maximum.
  @Test func maximumIsThatOfAPeer() throws {
    let reference = try ReferenceValue(ofTests: "vote_peers.json")["rte"]
    let (votes, truth) = try Self.data("rte", reference)
    let peer = try #require(
      reference["peers"].array.first { $0["program"].text == "peerannot, 400 steps" })
    let result = Aggregation(votes)
    let items = truth.indices.filter { truth[$0] >= 0 }
    // As in the script, a probability below 1e-12 counts as 1e-12.
    let loss = items.reduce(0.0) {
      $0 - Double.log(max(result.labels[$1 * 2 + Int(truth[$1])], 1e-12))
    }
    #expect((loss / Double(items.count) - peer["log_score"].number).magnitude < 1e-7)
  }
}
