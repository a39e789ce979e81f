/// The colours of a page, for light or for dark mode.
///
/// After Okabe and Ito, "Color Universal Design" (2008): distinguishable with all common kinds of
/// colour blindness. Shades are adjusted so that lines have a contrast of at least 3 : 1 with the
/// background and text of at least 4.5 : 1 (WCAG 2.1).
public struct Palette: Sendable, Equatable {
  /// The background.
  public let paper: String
  /// Text.
  public let ink: String
  /// Secondary text: ticks, captions.
  public let muted: String
  /// Grid lines.
  public let grid: String
  /// Axes and reference lines.
  public let axis: String
  /// Areas of secondary importance, such as the label entropy.
  public let neutral: String
  /// The darkest shade of a heat map: text on any shade is `ink`.
  public let heat: String
  /// The background of warnings and table heads.
  public let panel: String
  /// The colours of series, in the order of their use.
  public let series: [String]

  /// Light mode, and print.
  public static let light = Palette(
    paper: "#ffffff", ink: "#1a1d21", muted: "#565d66", grid: "#e4e7eb", axis: "#7b838d",
    neutral: "#b4bac2", heat: "#7ab0d2", panel: "#f4f6f8",
    series: ["#0068a8", "#c24e00", "#00795a", "#9b4a86"])

  /// Dark mode.
  public static let dark = Palette(
    paper: "#14171b", ink: "#e8eaed", muted: "#a3abb5", grid: "#2a2f36", axis: "#868f9a",
    neutral: "#59616b", heat: "#396b88", panel: "#1d2127",
    series: ["#5cb8ec", "#f0a03a", "#35c99f", "#df9cc6"])

  /// The style rules for the marks of figures.
  var figureRules: String {
    var rules = """
      .sheet{fill:\(paper)}
      .figure text{fill:\(ink)}
      .figure .muted{fill:\(muted)}
      .grid{stroke:\(grid);stroke-width:1;fill:none}
      .axis{stroke:\(axis);stroke-width:1;fill:none}
      .guide{stroke:\(axis);stroke-width:1.25;stroke-dasharray:4 3;fill:none}
      .floor{fill:\(neutral)}
      .halo{stroke:\(paper);stroke-width:4.5;fill:none}
      .whisker{stroke:\(ink);stroke-width:1.5;fill:none}
      .heat,.shade{fill:\(heat)}

      """
    for (index, color) in series.enumerated() {
      let n = index + 1
      rules += """
        .fill\(n){fill:\(color)}
        .line\(n){stroke:\(color);stroke-width:2;fill:none}
        .open\(n){fill:\(paper);stroke:\(color);stroke-width:1.75}
        .figure text.ink\(n){fill:\(color)}

        """
    }
    return rules
  }

  /// The style of figures: light unless the reader uses dark mode; always light in print.
  static let figureStyle =
    """
    .figure{font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica \
    Neue,Arial,sans-serif;font-size:12px}
    .figure text{stroke:none}
    .figure .head{font-weight:600;font-size:13px}
    .figure .strong{font-weight:600}
    .figure .small{font-size:11px}
    .figure .tiny{font-size:9px}
    .faint{fill-opacity:.18}
    .thin{stroke-width:1;stroke-opacity:.55}
    .dot{fill-opacity:.62}
    .cell,.heat{shape-rendering:crispEdges}
    .dashed{stroke-dasharray:6 3}

    """ + light.figureRules + "@media screen and (prefers-color-scheme:dark){\n" + dark.figureRules
    + "}\n"
}
