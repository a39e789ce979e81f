import Foundation
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalProbability
import SurprisalReporting
import TestSupport
import Testing

@Suite struct HTMLReportTests {
  private static func full() throws -> ReportContent {
    let fixture = try ReportFixture(rows: 60, classes: 3)
    let fit = try HousingReportTests.fit()
    var content = fixture.content
    content.classNames = fit.classifier.classNames
    content.record = fit.record(reference: 0, errors: .automatic)
    content.ledger = try Ledger(
      labels: fixture.labels, predictions: fixture.predictions,
      weights: [Double](repeating: 1, count: 60))
    content.learningCurve = CurveFigureTests.curve
    content.strengthPath = CurveFigureTests.path
    return content
  }

  @Test("well-formed, with every figure for both widths") func page() throws {
    let report = try HTMLReport(try Self.full())
    #expect(
      report.figures.map(\.name) == [
        "cross-entropy", "coefficients", "learning-curve", "strength-path", "reliability",
        "reliability-by-class", "entropy-divergence", "confusion", "ternary",
      ])
    let page = try MarkupReader.read(report.html)
    for kind in ["wide", "narrow"] {
      #expect(page.marked(kind).map { $0.named("svg").count } == [Int](repeating: 1, count: 9))
    }
    let sections = page.named("section").compactMap { $0.attributes["id"] }
    #expect(Set(sections).count == sections.count)
    for link in page.named("a") {
      let target = link.attributes["href"] ?? ""
      #expect(target.first == "#" && sections.contains(String(target.dropFirst())))
    }
    #expect(page.named("table").count == 12)
    let folded = page.named("details").flatMap { $0.named("table") }
    let rows = { (table: ReadElement) in table.named("tr").count - 1 }
    #expect(folded.allSatisfy { rows($0) > 12 } && folded.count >= 3)
    #expect(page.named("figcaption").allSatisfy { !$0.text.isEmpty })
  }

  @Test("no script, no network, no date") func selfContained() throws {
    let html = try HTMLReport(try Self.full()).html
    let page = try MarkupReader.read(html)
    #expect(page.named("script").isEmpty && page.named("link").isEmpty && page.named("img").isEmpty)
    #expect(page.all.allSatisfy { $0.attributes["src"] == nil })
    #expect(page.all.allSatisfy { !$0.attributes.keys.contains { $0.hasPrefix("on") } })
    let addresses = page.all.flatMap { $0.attributes.values.filter { $0.contains("://") } }
    #expect(
      Set(addresses) == ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"])
    let style = page.named("style").map(\.text).joined()
    #expect(!style.contains("url(") && !style.contains("@import"))
    #expect(style.contains("prefers-color-scheme:dark") && style.contains("@media print"))
    // HTML does not unescape style sheets: they must not contain escaped characters.
    #expect(!style.contains { "<>&\"'".contains($0) })
    #expect(try html == HTMLReport(try Self.full()).html)
    #expect(!html.contains("nan") && !html.contains(">inf<"))
  }

  private static let nasty = [
    "<script>alert(1)</script>", "a & \"b\" 'c'", "\u{1B}[2J\u{0}", "\u{202E}gnirts", "שלום עולם",
    "مرحبا", String(repeating: "long ", count: 800), "", "]]>", "{{7*7}}",
  ]

  @Test func namesFromOutside() throws {
    let fixture = try ReportFixture(rows: 60, classes: Self.nasty.count)
    var content = fixture.content
    content.classNames = Self.nasty
    content.title = Self.nasty.joined()
    content.dataName = "\"><svg onload=x>.csv"
    content.notices = [WarningText(code: "a<b", message: "</ul>\u{7}")]
    let report = try HTMLReport(content)
    let page = try MarkupReader.read(report.html)
    #expect(page.named("script").isEmpty)
    #expect(page.all.allSatisfy { $0.attributes["onload"] == nil })
    #expect(report.html.utf8.count < 700_000)
    for figure in report.figures { _ = try MarkupReader.read(figure.svg()) }
    let names = ClassReliabilityFigure(
      fixture.evaluation.calibration().classes, classNames: Self.nasty
    ).table.csv()
    #expect(names.contains(Self.nasty[6]), "a file has names in full")
  }

  @Test("two classes; a single row; certain and impossible predictions") func smallData() throws {
    let labels = Labels.classes(try ClassIndices([0, 1, 0], classCount: 2))
    let certain = try ClassProbabilities(
      BlockedMatrix(rows: [[1, 0], [1, 0], [1, 0]], columnCount: 2))
    var content = ReportContent(
      title: "t", dataName: "d", sourceName: "s", classNames: ["yes", "no"],
      evaluation: try Evaluation(of: certain, against: labels))
    content.predictions = certain
    let report = try HTMLReport(content)
    _ = try MarkupReader.read(report.html)
    #expect(report.html.contains("infinite"))
    #expect(!report.figures.contains { $0.name == "ternary" })
    let divergence = try #require(report.figures.first { $0.name == "entropy-divergence" })
    #expect(divergence.notes.contains { $0.hasPrefix("1 rows with an infinite divergence") })
    let single = try ReportFixture(rows: 1, classes: 3)
    _ = try MarkupReader.read(try HTMLReport(single.content).html)
  }

  @Test("many classes are cut, with a note", arguments: heavyTestsEnabled ? [200, 1000] : [200])
  func manyClasses(count: Int) throws {
    let report = try HTMLReport(try ReportFixture(rows: 40, classes: count).content)
    let page = try MarkupReader.read(report.html)
    let notes = page.marked("note").map(\.text)
    #expect(notes.contains { $0.hasPrefix("The 30 of \(count) classes that are confused most") })
    #expect(notes.contains { $0.hasPrefix("The 12 of \(count) classes with the largest") })
    #expect(notes.contains { $0.contains("more rows are not shown") })
    let confusion = try #require(report.figures.first { $0.name == "confusion" })
    #expect(confusion.table.texts("label").last == "\(count - 30) others")
    #expect((confusion.table.numbers("weight").reduce(0, +) - 40).magnitude < 1e-9)
    #expect(report.html.utf8.count < 2_000_000)
  }

  @Test(
    "a hundred thousand rows stay below two megabytes", .tags(.heavy),
    .enabled(if: heavyTestsEnabled))
  func size() throws {
    let report = try HTMLReport(try ReportFixture(rows: 100_000, classes: 3).content)
    #expect(report.html.utf8.count < 1_000_000)
    #expect(report.figures.contains { $0.notes.contains { $0.contains("100000 rows") } })
  }

  @Test func tablesReadBack() throws {
    let fixture = try ReportFixture(rows: 30, classes: 3)
    let table = try DivergenceFigure(fixture.evaluation, classNames: fixture.classNames).table
    let lines = table.csv().split(separator: "\n")
    #expect(lines[0] == "row,label_entropy,kl_divergence,label_class,predicted_class")
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",")
      let row = (Int(cells[0]) ?? 0) - 1
      #expect(Double(cells[1]) == fixture.evaluation.rowScores[row].labelEntropy)
      #expect(Double(cells[2]) == fixture.evaluation.rowScores[row].klDivergence)
    }
  }
}
