import SurprisalEstimation
import SurprisalModels
import SurprisalProbability

/// A reported parameter: a linear function of the free coordinates.
struct Contrast: Sendable {
  /// A coordinate, by its position among the free ones, and its factor.
  struct Term: Sendable {
    let place: Int
    let factor: Double
  }

  let parameter: ParameterTable.Identity
  let terms: [Term]
}

extension CovarianceProblem {
  /// The contrasts that do not belong to columns absorbed by clusters.
  func contrasts(leaving absorbed: Set<Int>) -> [Contrast] {
    contrasts().filter {
      guard case .coefficient(_, let column) = $0.parameter, !absorbed.isEmpty else { return true }
      return column.map { !absorbed.contains($0) } ?? false
    }
  }

  /// Every parameter that has a finite estimate: class by class, intercept first.
  func contrasts() -> [Contrast] {
    let model = objective.model
    let map = AffineMap(model, standardization)
    var places = [Int?](repeating: nil, count: objective.dimension)
    for (place, position) in free.enumerated() { places[position] = place }
    func contrast(_ parameter: ParameterTable.Identity, _ row: [AffineMap.Term]) -> Contrast {
      Contrast(
        parameter: parameter,
        terms: row.compactMap { term in
          places[term.position].map { Contrast.Term(place: $0, factor: term.factor) }
        })
    }
    var result: [Contrast] = []
    for unit in 0..<model.classCount where unit != reference {
      if model.hasIntercept {
        result.append(
          contrast(
            .coefficient(class: unit, column: nil),
            map.intercept(class: unit, against: reference)))
      }
      for (feature, column) in fit.kept.enumerated() {
        result.append(
          contrast(
            .coefficient(class: unit, column: column),
            map.weight(class: unit, against: reference, column: feature)))
      }
    }
    let auxiliary = fit.likelihood.auxiliaryParameters(classCount: model.classCount)
    for (index, parameter) in auxiliary.enumerated() {
      guard let place = places[model.parameterCount + index] else { continue }
      result.append(
        Contrast(
          parameter: .auxiliary(parameter.name), terms: [.init(place: place, factor: 1)]))
    }
    return result.filter { isFinite($0) }
  }

  /// Whether the contrast has a finite estimate in the record of the fit.
  private func isFinite(_ contrast: Contrast) -> Bool {
    guard case .coefficient(let unit, let column) = contrast.parameter else { return true }
    return contrast.terms.allSatisfy { $0.factor.isFinite }
      && fit.coefficientState(class: unit, column: column, against: reference) == .estimated
  }
}
