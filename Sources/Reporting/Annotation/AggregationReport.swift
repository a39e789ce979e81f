import RealModule
import SurprisalAnnotation
import SurprisalDiagnostics
import SurprisalTables

/// An aggregation of votes as one HTML file: no scripts, no network access, the same bytes for the
/// same content.
public struct AggregationReport: Sendable {
  private let printer: AggregationPrinter
  private let entropies: [Double]

  /// The largest numbers of items and of confusion matrices on the page.
  private static let itemLimit = 30
  private static let matrixLimit = 200
  /// The probability from which on a class is certain.
  private static let certainShare = 0.95

  /// A page with the output of `printer`. Time O(items x classes), besides `items` of `nextVotes`.
  public init(_ printer: AggregationPrinter) {
    self.printer = printer
    entropies = (0..<printer.votes.itemCount).map { item in
      let labels = printer.aggregation.labels(ofItem: item)
      let sum = labels.reduce(0, +)
      return labels.reduce(0) { total, label in
        label > 0 && sum > 0 ? total - label / sum * Double.log(label / sum) : total
      }
    }
  }

  private var votes: Votes { printer.votes }
  private var aggregation: Aggregation { printer.aggregation }

  /// The page.
  public var html: String {
    var sections: [(id: String, title: String, markup: Markup)] = []
    func add(_ figure: (any Figure)?) {
      guard let figure else { return }
      sections.append((figure.name, figure.title, HTMLPage.section(figure)))
    }
    sections.append(("items", "Items that need another vote", itemSection))
    add(AnnotatorFigure(aggregation, printer.annotators))
    sections.append(("confusion", "Confusion of each annotator", confusionSection))
    add(LabelEntropyFigure(entropies, classCount: votes.classCount))
    sections.append(("classes", "Classes", classSection))
    let head = [
      heading, tiles, HTMLPage.warnings(printer.warnings),
      HTMLPage.contents(sections.map { ($0.id, $0.title) }),
    ]
    return HTMLPage.text(title: "Votes of \(printer.file)", head + sections.map(\.markup))
  }

  // MARK: Head

  private var heading: Markup {
    HTMLPage.heading(
      "Votes of \(printer.file)",
      [
        HTMLPage.name(printer.file),
        .text(
          ": \(printer.amount(votes.count, "vote")) of "
            + "\(printer.amount(votes.annotatorCount, "annotator")) on "
            + "\(printer.amount(votes.itemCount, "item")), "
            + "\(printer.amount(votes.classCount, "class", "classes")). Labels are made by "
            + "\(printer.method.rawValue): \(AggregationPrinter.phrase(printer.method))."),
      ])
  }

  private var tiles: Markup {
    let voted = (0..<votes.itemCount).filter { votes.voteCount(ofItem: $0) > 0 }
    let certain = voted.count { largestShare(ofItem: $0) >= Self.certainShare }
    let known = printer.annotators.filter { $0.votes > 0 && $0.accuracy.isFinite }
    let weights = known.reduce(0.0) { $0 + Double($1.votes) }
    let right = known.reduce(0.0) { $0 + $1.accuracy * Double($1.votes) }
    let remarkable = known.count { !$0.flags.isEmpty }
    var tiles = [
      (
        "items with a certain label",
        NumberText.percent(Double(certain) / Double(max(1, voted.count))),
        "a class of probability 0.95 or more; \(voted.count - certain) without"
      ),
      (
        "accuracy of a vote", FigureTable.short(right / weights),
        "\(known.count) annotators, \(remarkable) with remarks"
      ),
      (
        "entropy of a label",
        FigureTable.short(entropies.reduce(0, +) / Double(max(1, entropies.count))),
        "nats, the mean over items"
      ),
      (
        "votes per item", FigureTable.short(Double(votes.count) / Double(max(1, votes.itemCount))),
        votes.itemCount > voted.count ? "\(votes.itemCount - voted.count) items have none" : "mean"
      ),
    ]
    if let kappa = printer.agreement?.fleissKappa, kappa.value.isFinite {
      tiles.append(
        (
          "Fleiss' kappa", FigureTable.short(kappa.value),
          kappa.standardError.isFinite
            ? "\u{00B1} \(NumberText.significant(kappa.standardError, 2)), agreement beyond chance"
            : "agreement beyond chance"
        ))
    }
    return HTMLPage.tiles(tiles)
  }

  /// Whether no class of an item's label is certain. Items without votes are uncertain.
  private func isUncertain(_ item: Int) -> Bool {
    !(largestShare(ofItem: item) >= Self.certainShare)
  }

  private func largestShare(ofItem item: Int) -> Double {
    let labels = aggregation.labels(ofItem: item)
    return (labels.max() ?? 0) / labels.reduce(0, +)
  }

  // MARK: Sections

  /// The items for which another vote would be most informative; without a model, those with the
  /// most uncertain labels.
  private var itemSection: Markup {
    let next = aggregation.nextVotes(Self.itemLimit).filter { isUncertain($0.item) }
    let rows: [(item: Int, next: NextVote?)] =
      next.isEmpty
      ? entropies.indices.filter(isUncertain)
        .sorted { (-entropies[$0], $0) < (-entropies[$1], $1) }
        .prefix(Self.itemLimit).map { ($0, nil) }
      : next.map { ($0.item, $0) }
    var table = FigureTable(
      [
        ("item", "item"), ("votes", "votes"), ("most probable class", "class"),
        ("its probability", "share"), ("entropy, nats", "entropy"),
      ] + (printer.difficulty == nil ? [] : [("difficulty", "difficulty")])
        + (next.isEmpty ? [] : [("ask", "annotator"), ("expected decrease, nats", "information")]))
    table.foldLimit = Self.itemLimit
    for (item, next) in rows {
      let share = largestShare(ofItem: item)
      let asked =
        next.map { next -> [FigureTable.Cell] in
          [.text(votes.annotatorNames[next.annotator]), .number(next.information)]
        } ?? []
      table.append(
        [
          .text(votes.itemNames[item]), .count(votes.voteCount(ofItem: item)),
          .text(votes.classNames[aggregation.predictedClass(ofItem: item)]),
          .number(share.isFinite ? share : nil), .number(entropies[item]),
        ] + (printer.difficulty.map { [.number($0.difficulty(ofItem: item))] } ?? []) + asked)
    }
    let words =
      rows.isEmpty
      ? "No item: in every label, a class has a probability of at least 0.95."
      : "Items in whose label no class has a probability of 0.95: "
        + (next.isEmpty
          ? "the most uncertain first."
          : "the annotator whose vote is expected to lower the entropy of the label most, and by "
            + "how much; the largest decrease first.")
    return HTMLPage.section(
      "items", "Items that need another vote", words,
      rows.isEmpty ? .text("") : table.markup(caption: "Items that need another vote"))
  }

  private var confusionSection: Markup {
    let shown = printer.annotators.filter { $0.votes > 0 }.prefix(Self.matrixLimit)
    let matrices = shown.map { annotator -> Markup in
      var table = FigureTable(
        [("class", "class")]
          + votes.classNames.map { (heading: EscapedText($0).text, name: "label_\($0)") })
      for (index, name) in votes.classNames.enumerated() {
        let row = annotator.confusion[index * votes.classCount..<(index + 1) * votes.classCount]
        table.append([.text(name)] + row.map { .number(AnnotatorFigure.finite($0)) })
      }
      table.foldLimit = .max
      let name = EscapedText(annotator.name).text
      return .element(
        "details", [:],
        [
          .element(
            "summary", [:],
            [
              .element("bdi", text: name),
              .text(
                ": \(printer.amount(annotator.votes, "vote")), accuracy "
                  + NumberText.fixed(annotator.accuracy, 3)),
            ]),
          table.markup(caption: "Confusion of \(name)"),
        ])
    }
    let rest = printer.annotators.count { $0.votes > 0 } - shown.count
    return HTMLPage.section(
      "confusion", "Confusion of each annotator",
      "The probability of each vote (across) for each class of the item (down)."
        + (rest > 0
          ? " \(rest) more annotators are not shown: \(CommandFlag.annotatorTable) writes them all."
          : ""),
      isFolded: true,
      matrices.count > 12
        ? .element(
          "details", [:],
          [.element("summary", text: "The matrices of \(matrices.count) annotators")] + matrices)
        : .element("div", [:], matrices))
  }

  private var classSection: Markup {
    let errors = aggregation.uncertainty.flatMap { $0.kind == .joint ? $0.classPrior : nil }
    var table = FigureTable([
      ("class", "class"), ("votes", "votes"), ("share of the votes", "vote_share"),
      (aggregation.model == nil ? "mean label" : "prior", "prior"), ("std.error", "std_error"),
    ])
    table.foldLimit = 40
    let counts = votes.counts
    let total = counts.reduce(0, +)
    for (index, name) in votes.classNames.enumerated() {
      let mass = (0..<votes.itemCount).reduce(0) { $0 + counts[$1 * votes.classCount + index] }
      table.append([
        .text(name), .number(mass), .number(mass / total),
        .number(aggregation.classPrior[index]), .number(errors?[index]),
      ])
    }
    return HTMLPage.section(
      "classes", "Classes", "How often a class was voted for, and how often it is the class.",
      table.markup(caption: "Classes"))
  }
}
