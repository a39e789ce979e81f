import SurprisalDiagnostics
import SurprisalModelStore
import SurprisalTables

/// The parts common to all pages: no scripts, no network access.
enum HTMLPage {
  /// A whole page.
  static func text(title: String, _ parts: [Markup]) -> String {
    let footer = Markup.element(
      "footer", [:],
      [.element("p", text: "surprisal \(SurprisalVersion.current). Logarithms are natural.")])
    let body = parts.filter { $0 != .text("") } + [footer]
    return "<!DOCTYPE html>\n"
      + Markup.element(
        "html", ["xmlns": "http://www.w3.org/1999/xhtml", "lang": "en"],
        [head(title), .element("body", [:], [.element("main", [:], body)])]
      ).rendered + "\n"
  }

  private static func head(_ title: String) -> Markup {
    .element(
      "head", [:],
      [
        .element("meta", ["charset": "utf-8"]),
        .element(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'",
          ]),
        .element(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .element("meta", ["name": "color-scheme", "content": "light dark"]),
        .element("title", text: EscapedText(title).text),
        .element("style", text: PageStyle.text),
      ])
  }

  /// The title, and a sentence that includes names from the data.
  static func heading(_ title: String, _ sentence: [Markup]) -> Markup {
    .element(
      "header", [:],
      [
        .element("h1", [:], [name(title)]), .element("p", [:], sentence),
      ])
  }

  /// A name from the data, which may have any text direction.
  static func name(_ text: String) -> Markup { .element("bdi", text: EscapedText(text).text) }

  /// Warnings; nothing if there are none.
  static func warnings(_ warnings: [WarningText]) -> Markup {
    if warnings.isEmpty { return .text("") }
    let items = warnings.map { warning in
      Markup.element(
        "li", [:],
        [
          .element("code", text: warning.code), .text(" "),
          .element("bdi", text: warning.message),
        ])
    }
    return .element("ul", ["class": "warnings", "aria-label": "warnings"], items)
  }

  /// The main numbers: a name, the number, and a line below it.
  static func tiles(_ tiles: [(name: String, value: String, below: String)]) -> Markup {
    .element(
      "dl", ["class": "tiles"],
      tiles.map { name, value, below in
        .element(
          "div", [:],
          [
            .element("dt", text: name), .element("dd", ["class": "number"], text: value),
            .element("dd", text: below),
          ])
      })
  }

  /// Links to sections, by their identifiers.
  static func contents(_ links: [(id: String, title: String)]) -> Markup {
    .element(
      "nav", ["aria-label": "sections"],
      [
        .element(
          "ul", [:],
          links.map { .element("li", [:], [.element("a", ["href": "#\($0)"], text: $1)]) })
      ])
  }

  /// A section with a sentence and a table, or other parts. If all of these are folded, the section
  /// is not printed.
  static func section(
    _ id: String, _ title: String, _ text: String, isFolded: Bool = false, _ parts: Markup...
  ) -> Markup {
    .element(
      "section", isFolded ? ["id": id, "class": "folded"] : ["id": id],
      [.element("h2", text: title), .element("p", text: text)] + parts)
  }

  /// A section with a picture, laid out for a wide and for a narrow page, and with its numbers.
  static func section(_ figure: any Figure) -> Markup {
    let pictures = FigureWidth.allCases.map { width in
      Markup.element(
        "div", ["class": width.choose("wide", "narrow")],
        [figure.drawing(width).svg(label: figure.label)])
    }
    let notes = figure.notes.map { Markup.element("p", ["class": "note"], text: $0) }
    return .element(
      "section", ["id": figure.name],
      [
        .element("h2", text: figure.title),
        .element(
          "figure", [:], pictures + [.element("figcaption", text: figure.caption)]),
      ] + notes + [figure.table.markup(caption: "\(figure.title): numbers")])
  }
}
