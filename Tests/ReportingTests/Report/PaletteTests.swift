import Foundation
import SurprisalReporting
import Testing

/// Contrast as defined by WCAG 2.1; colour blindness by the model of Vienot, Brettel and Mollon
/// (1999).
@Suite struct PaletteTests {
  private static let palettes = [Palette.light, Palette.dark]

  private static func linear(_ color: String) -> [Double] {
    let value = Int(color.dropFirst(), radix: 16) ?? 0
    return [16, 8, 0].map { shift in
      let part = Double(value >> shift & 0xFF) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
  }

  private static func contrast(_ first: String, _ second: String) -> Double {
    let values = [first, second].map { color in
      zip([0.2126, 0.7152, 0.0722], linear(color)).reduce(0) { $0 + $1.0 * $1.1 } + 0.05
    }
    return max(values[0], values[1]) / min(values[0], values[1])
  }

  @Test(arguments: palettes) func contrast(palette: Palette) {
    for back in [palette.paper, palette.panel] {
      #expect(Self.contrast(palette.ink, back) >= 7)
      #expect(Self.contrast(palette.muted, back) >= 4.5)
    }
    // Series colours are also used for text on paper: the names at the ends of lines.
    for color in palette.series {
      #expect(Self.contrast(color, palette.paper) >= 4.5, "\(color)")
    }
    #expect(Self.contrast(palette.axis, palette.paper) >= 3)
    // Text on the darkest and on the lightest shade of a heat map, so on any between.
    for shade in [palette.heat, palette.paper] {
      #expect(Self.contrast(palette.ink, shade) >= 4.5)
    }
  }

  /// Every text colour of the page on every background of the page, in both modes.
  @Test func pageTexts() throws {
    let html = try HTMLReport(try ReportFixture(rows: 60, classes: 3).content).html
    let style = try MarkupReader.read(html).named("style").map(\.text).joined()
    let parts = style.components(separatedBy: "@media screen and (prefers-color-scheme:dark){")
    #expect(parts.count == 3, "the page, and the figures")
    func colors(_ text: String, _ property: String) -> Set<String> {
      Set(
        text.matches(of: /[{;](color|background):(#[0-9a-f]{6})/)
          .filter { $0.1 == property }.map { String($0.2) })
    }
    let light = parts[0]
    let dark = String(parts[1].prefix { $0 != "@" }.split(separator: "}\n}").first ?? "")
    for mode in [light, dark] {
      let (texts, backgrounds) = (colors(mode, "color"), colors(mode, "background"))
      #expect(texts.count >= 3 && backgrounds.count == 2, "\(mode)")
      for text in texts {
        for background in backgrounds {
          #expect(Self.contrast(text, background) >= 4.5, "\(text) on \(background)")
        }
      }
    }
  }

  /// Red, green and blue as perceived by a dichromat, in linear light.
  private static let dichromats: [(name: String, matrix: [[Double]])] = [
    ("protan", [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    ("deutan", [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
  ]

  /// CIE 1976 L*a*b* of linear sRGB.
  private static func lab(_ rgb: [Double]) -> [Double] {
    let matrix = [
      [0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505],
    ]
    let white = [0.9505, 1.0, 1.089]
    let f = zip(matrix, white).map { row, white -> Double in
      let ratio = max(0, zip(row, rgb).reduce(0) { $0 + $1.0 * $1.1 }) / white
      return ratio > 0.008856 ? cbrt(ratio) : 7.787 * ratio + 16.0 / 116
    }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }

  @Test("a dichromat can distinguish three series", arguments: palettes)
  func colorBlindness(palette: Palette) {
    for (name, matrix) in Self.dichromats {
      let seen = palette.series.prefix(3).map { color -> [Double] in
        let rgb = Self.linear(color)
        return Self.lab(matrix.map { zip($0, rgb).reduce(0) { $0 + $1.0 * $1.1 } })
      }
      for first in seen.indices {
        for second in seen.indices where second > first {
          let distance = zip(seen[first], seen[second]).reduce(0) { sum, pair in
            sum + (pair.0 - pair.1) * (pair.0 - pair.1)
          }.squareRoot()
          #expect(distance > 12, "\(name) \(palette.series[first]) \(palette.series[second])")
        }
      }
    }
  }
}
