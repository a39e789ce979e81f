import SurprisalReporting
import Testing

@Suite struct ScaleTests {
  @Test func places() {
    let linear = Scale(0...4, from: 100, to: 500)
    #expect(linear(0) == 100 && linear(1) == 200 && linear(4) == 500)
    #expect(
      linear(9) == 500 && linear(-1) == 100 && linear(.nan) == 100 && linear(.infinity) == 500)
    let root = Scale(0...4, from: 0, to: 10, transform: .squareRoot)
    #expect(root(0) == 0 && root(1) == 5 && root(4) == 10)
    let logarithm = Scale(1e-4...1e2, from: 60, to: 0, transform: .logarithmic)
    #expect((logarithm(1e-1) - 30).magnitude < 1e-9 && logarithm(0) == 60)
  }

  private static let domains: [ClosedRange<Double>] = [
    0...1, 0...0.0037, -3...17, 0...0, 5...5, -1e-300...1e-300, -1e308...1e308, 0...1e308,
    1e15...1.0000001e15, 0...1e-307, -0.3...0, 1e-12...1,
  ]

  @Test("ticks are inside the domain, ascend and are labelled with their value", arguments: domains)
  func ticks(domain: ClosedRange<Double>) {
    for transform in [Scale.Transform.linear, .squareRoot, .logarithmic] {
      let scale = Scale(domain, from: 0, to: 400, transform: transform)
      for count in 2...8 {
        let ticks = Ticks.of(scale, count: count)
        #expect(!ticks.isEmpty && ticks.count <= 3 * count + 2, "\(transform) \(ticks)")
        for tick in ticks {
          let place = scale(tick.value)
          #expect(place.isFinite && place >= -1e-6 && place <= 400 + 1e-6)
          let number = Double(tick.text.replacing("\u{2212}", with: "-"))
          #expect(
            number.map { ($0 - tick.value).magnitude <= 1e-5 * tick.value.magnitude } ?? false,
            "\(tick)")
        }
        #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value })
        #expect(Set(ticks.map(\.text)).count == ticks.count, "\(transform) \(domain) \(ticks)")
      }
    }
  }

  @Test func ticksAreRound() {
    func texts(_ domain: ClosedRange<Double>, _ transform: Scale.Transform = .linear) -> [String] {
      Ticks.of(Scale(domain, from: 0, to: 1, transform: transform), count: 5).map(\.text)
    }
    #expect(texts(0...1) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(texts(-2.2...7.9) == ["−2", "0", "2", "4", "6"])
    #expect(texts(1e-4...1, .logarithmic) == ["0.0001", "0.001", "0.01", "0.1", "1"])
    #expect(texts(0...2e-6) == ["0", "5e−7", "1e−6", "1.5e−6", "2e−6"])
  }

  @Test(
    "domains hold their values and are ranges whatever comes",
    arguments: [
      [], [0], [3], [-3], [1, 2, 3], [.nan], [.infinity, 1], [-1e308, 1e308], [1e-300, 2e-300],
      [7, 7, 7],
    ] as [[Double]])
  func domain(values: [Double]) {
    let domain = Scale.domain(around: values)
    #expect(domain.lowerBound.isFinite && domain.upperBound.isFinite)
    for value in values where value.magnitude <= 1e300 { #expect(domain.contains(value)) }
  }
}
