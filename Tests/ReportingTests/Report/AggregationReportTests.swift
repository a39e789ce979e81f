import Foundation
import SurprisalAnnotation
import SurprisalLinearAlgebra
import SurprisalReporting
import SurprisalTables
import TestSupport
import Testing

/// Compares the page of an aggregation with the numbers of the aggregation.
@Suite struct AggregationReportTests {
  private static func page(
    _ method: AggregationMethod, _ votes: Votes
  ) throws -> (ReadElement, Aggregation) {
    var options = AggregationOptions()
    options.method = method
    options.restarts = 0
    let aggregation = Aggregation(votes, options: options, reducer: ThreadCount.one)
    let html = AggregationReport(AggregationPrinter(aggregation, file: "votes.csv")).html
    return (try MarkupReader.read(html), aggregation)
  }

  private static func simulated() throws -> Votes {
    try VoteReader().read(InputFile(SharedData.projectURL("data/votes_sim.csv").path))
  }

  private static func cells(_ section: ReadElement) -> [[String]] {
    section.named("tr").map { $0.children.map { ($0.children.first ?? $0).text } }
  }

  @Test func simulatedVotes() throws {
    let (page, aggregation) = try Self.page(.dawidSkene, Self.simulated())
    let sections = page.named("section")
    #expect(
      sections.compactMap { $0.attributes["id"] } == [
        "items", "annotators", "confusion", "label-entropy", "classes",
      ])
    #expect(page.named("script").isEmpty)
    let next = aggregation.nextVotes(30)
    let items = Self.cells(sections[0]).dropFirst()
    #expect(items.map { $0[0] } == next.map { aggregation.votes.itemNames[$0.item] })
    #expect(items.map { $0[5] } == next.map { aggregation.votes.annotatorNames[$0.annotator] })
    let annotators = Self.cells(sections[1]).dropFirst()
    #expect(annotators.map { $0[0] } == aggregation.votes.annotatorNames)
    for (row, annotator) in zip(annotators, aggregation.annotators) {
      #expect(Double(row[2]).map { ($0 - annotator.accuracy).magnitude < 1e-6 } == true)
      let half = 1.959964 * annotator.accuracyError
      let low = max(0, annotator.accuracy - half)
      #expect(Double(row[4]).map { ($0 - low).magnitude < 1e-5 } == true)
    }
    // The matrices are folded, one per annotator, and their rows sum to one.
    let matrices = sections[2].named("details")
    #expect(matrices.count == aggregation.votes.annotatorCount)
    for matrix in matrices {
      for row in Self.cells(matrix).dropFirst() {
        let sum = row.dropFirst().compactMap { Double($0) }.reduce(0, +)
        #expect((sum - 1).magnitude < 1e-5)
      }
    }
    let counted = sections[3].marked("cell").count / 2
    #expect(counted > 3, "bins of entropies")
  }

  @Test(arguments: AggregationMethod.allCases) func everyMethod(method: AggregationMethod) throws {
    let votes = try Votes(
      itemNames: ["<x>", "y", "z", "no votes"], annotatorNames: ["a&b", "c", "never"],
      classNames: ["yes", "no"], items: [0, 0, 1, 1, 2], annotators: [0, 1, 0, 1, 1],
      labels: [0, 1, 0, 0, 1])
    let (page, _) = try Self.page(method, votes)
    let text = page.all.map(\.text).joined(separator: " ")
    #expect(!text.contains("nan") && !text.contains("inf"))
    #expect(page.named("section").count == 5)
  }

  @Test func textsDoNotOverlap() throws {
    let (page, _) = try Self.page(.dawidSkene, Self.simulated())
    for svg in page.named("svg") { FigureLayoutTests.expectSeparateTexts(svg, "aggregate") }
  }

  /// Votes of many annotators on items of many classes, both with names of some length.
  private static func crowd(_ annotator: (Int) -> String) throws -> Votes {
    let (items, annotators, classes) = (150, 50, 6)
    var votes: (items: [Int32], annotators: [Int32], labels: [Int32]) = ([], [], [])
    for item in 0..<items {
      for turn in 0..<6 {
        let voter = (item * 7 + turn * 11) % annotators
        let isRight = (item * 31 + turn * 17 + voter) % 50 > voter / 2
        let label = isRight ? item % classes : (item * 5 + turn * 3 + voter) % classes
        votes.items.append(Int32(item))
        votes.annotators.append(Int32(voter))
        votes.labels.append(Int32(label))
      }
    }
    return try Votes(
      itemNames: (0..<items).map { "item \($0)" }, annotatorNames: (0..<annotators).map(annotator),
      classNames: (0..<classes).map { "a class with a long name and a <tag>, the number \($0)" },
      items: votes.items, annotators: votes.annotators, labels: votes.labels)
  }

  /// Beyond forty annotators some are not drawn; names that differ in their middle alone are shown
  /// by their difference.
  @Test(arguments: [
    "worker %", "annotator number % of a crowd with a very long name", "WWWWWWWWWWWWWWWWWWWWWW %",
  ])
  func manyAnnotators(_ pattern: String) throws {
    let (page, aggregation) = try Self.page(
      .dawidSkene, Self.crowd { pattern.replacing("%", with: "\($0)") })
    let section = try #require(page.named("section").first { $0.attributes["id"] == "annotators" })
    let pictures = section.named("svg")
    #expect(pictures.count == 2)
    for svg in pictures {
      FigureLayoutTests.expectSeparateTexts(svg, pattern)
      let names = svg.named("text").filter { !$0.named("title").isEmpty }.map(\.text)
      #expect(names.count == 40)
      #expect(Set(names).count == 40, "\(names)")
    }
    let text = section.all.map(\.text).joined(separator: "\n")
    #expect(text.contains("40 of 50 annotators are drawn"))
    let flagged = aggregation.annotators.contains { !$0.flags.isEmpty }
    #expect(text.contains("Hollow points have remarks") == flagged)
  }

  /// Items with a certain label are not listed; columns without numbers are left out.
  @Test func itemsThatNeedAnotherVote() throws {
    let votes = try Votes(
      itemNames: ["sure", "torn", "none"], annotatorNames: ["u", "v"], classNames: ["a", "b"],
      items: [0, 0, 1, 1], annotators: [0, 1, 0, 1], labels: [0, 0, 0, 1])
    let (page, _) = try Self.page(.shares, votes)
    let rows = Self.cells(page.named("section")[0])
    #expect(rows.dropFirst().first?[0] == "torn")
    #expect(!rows.contains { $0[0] == "sure" })
    let heads = ["item", "votes", "most probable class", "its probability", "entropy, nats"]
    #expect(rows[0] == heads)
    let certain = try Votes(
      itemNames: ["x", "y"], annotatorNames: ["u", "v"], classNames: ["a", "b"],
      items: [0, 0, 1, 1], annotators: [0, 1, 0, 1], labels: [0, 0, 1, 1])
    let (other, _) = try Self.page(.shares, certain)
    #expect(other.named("section")[0].named("tr").isEmpty)
    #expect(other.named("section")[0].all.contains { $0.text.contains("No item:") })
  }
}
