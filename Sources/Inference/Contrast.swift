import SurprisalEstimation
import SurprisalModels
import SurprisalProbability

/// A parameter as it is reported: a linear function of the free coordinates.
struct Contrast: Sendable {
  /// A coordinate, by its place among the free ones, and what it is multiplied by.
  struct Term: Sendable {
    let place: Int
    let factor: Double
  }

  let parameter: Uncertainty.Parameter
  let terms: [Term]
}

extension CovarianceProblem {
  /// Every parameter that has a finite estimate: class by class, intercept first.
  ///
  /// With scales s and centers c the user's weight is w̃ / s and the intercept b̃ - Σ c w̃ / s.
  func contrasts() -> [Contrast] {
    let model = objective.model
    var places = [Int?](repeating: nil, count: objective.dimension)
    for (place, position) in free.enumerated() { places[position] = place }
    var result: [Contrast] = []
    for unit in 0..<model.classCount where unit != reference {
      let slopes = fit.kept.indices.map { feature in
        difference(
          model.weight(class: unit, feature: feature),
          model.weight(class: reference, feature: feature), places,
          scale: 1 / standardization.scales[feature])
      }
      if model.hasIntercept {
        result.append(
          Contrast(
            parameter: .coefficient(class: unit, column: nil),
            terms: intercept(unit, slopes, places)))
      }
      for (feature, column) in fit.kept.enumerated() {
        result.append(
          Contrast(parameter: .coefficient(class: unit, column: column), terms: slopes[feature]))
      }
    }
    for own in 0..<objective.auxiliaryCount {
      guard let place = places[model.parameterCount + own] else { continue }
      result.append(Contrast(parameter: .own(own), terms: [.init(place: place, factor: 1)]))
    }
    return result.filter { isFinite($0) }
  }

  private func difference(
    _ first: Int, _ second: Int, _ places: [Int?], scale: Double
  ) -> [Contrast.Term] {
    [(first, scale), (second, -scale)].compactMap { position, factor in
      places[position].map { Contrast.Term(place: $0, factor: factor) }
    }
  }

  private func intercept(
    _ unit: Int, _ slopes: [[Contrast.Term]], _ places: [Int?]
  ) -> [Contrast.Term] {
    let first = objective.model.intercepts.lowerBound
    var terms = difference(first + unit, first + reference, places, scale: 1)
    for (slope, center) in zip(slopes, standardization.centers) {
      guard center != 0 else { continue }
      terms += slope.map { Contrast.Term(place: $0.place, factor: -center * $0.factor) }
    }
    return terms
  }

  /// Whether the contrast has a finite estimate in the record of the fit.
  private func isFinite(_ contrast: Contrast) -> Bool {
    guard case .coefficient(let unit, let column) = contrast.parameter else { return true }
    return contrast.terms.allSatisfy { $0.factor.isFinite }
      && fit.coefficientState(class: unit, column: column, against: reference) == .estimated
  }
}
