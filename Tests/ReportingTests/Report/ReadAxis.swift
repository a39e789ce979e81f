import SurprisalReporting

/// An axis as read from a figure: maps positions to values by two of its ticks.
struct ReadAxis {
  private let places: [(place: Double, value: Double)]
  private let transform: Scale.Transform

  /// The axis of the `index`-th group of ticks: those of one axis have a common other coordinate
  /// and ascend.
  init(
    _ svg: ReadElement, _ kind: String, group index: Int = 0, _ transform: Scale.Transform = .linear
  )
    throws
  {
    let isX = kind == "xtick"
    var groups: [(key: Double, ticks: [(Double, Double)])] = []
    for tick in svg.marked(kind) {
      let key = tick.number(isX ? "y" : "x")
      let place = isX ? tick.number("x") : tick.number("y") - 4
      let value = Double(tick.text.replacing("\u{2212}", with: "-")) ?? .nan
      if let last = groups.last, last.key == key, value > last.ticks[last.ticks.count - 1].1 {
        groups[groups.count - 1].ticks.append((place, value))
      } else {
        groups.append((key, [(place, value)]))
      }
    }
    guard groups.indices.contains(index), groups[index].ticks.count >= 2 else {
      throw MarkupFault(description: "an axis without two ticks")
    }
    places = groups[index].ticks.map { (place: $0.0, value: $0.1) }
    self.transform = transform
  }

  private func spread(_ value: Double) -> Double {
    switch transform {
    case .linear: value
    case .squareRoot: value.squareRoot()
    case .logarithmic: Numbers.log10(value)
    }
  }

  /// The expected position of a value.
  func place(of value: Double) -> Double {
    let (first, last) = (places[0], places[places.count - 1])
    let share =
      (spread(value) - spread(first.value)) / (spread(last.value) - spread(first.value))
    return first.place + share * (last.place - first.place)
  }

  /// Coordinates have two decimals and ticks are rounded like them.
  static let tolerance = 0.03
}
