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
}
