import Foundation
import TestSupport
import Testing

@testable import SurprisalOptimization

/// Accepted steps satisfy the strong Wolfe conditions, for any first step.
@Suite struct LineSearchTests {
  /// Functions of one variable, each with a descent direction at 0.
  static let functions: [MinimumProblem] = [
    .along("parabola") { ($0 * $0 / 2 - $0, $0 - 1) },
    .along("far parabola") { (($0 - 1e6) * ($0 - 1e6) / 2, $0 - 1e6) },
    .along("near parabola") { (($0 - 1e-6) * ($0 - 1e-6) * 5e5, 1e6 * ($0 - 1e-6)) },
    .along("quartic") { (pow($0 - 2, 4), 4 * pow($0 - 2, 3)) },
    .along("cosine") { (cos($0 + 0.1), -sin($0 + 0.1)) },
    .along("wiggly") { ($0 * $0 / 50 - $0 + 0.2 * sin(9 * $0), $0 / 25 - 1 + 1.8 * cos(9 * $0)) },
    .along("wall") { $0 < 1 ? (-2 * $0 - log(1 - $0), -2 + 1 / (1 - $0)) : (.infinity, .nan) },
    .along("fraction") { (-$0 / ($0 * $0 + 2), ($0 * $0 - 2) / pow($0 * $0 + 2, 2)) },
  ]

  @Test(arguments: functions, [1e-8, 1e-3, 1, 1e3, 1e10])
  func satisfiesTheWolfeConditions(_ function: MinimumProblem, _ firstStep: Double) throws {
    let search = LineSearch()
    let start = Iterate(of: function, at: [0])
    let direction = start.gradient.map { -$0 }
    let outcome = search.search(function, from: start, along: direction, step: firstStep)
    let found = try #require(outcome.iterate)
    let slope = start.gradient.dot(direction)
    let step = found.point[0] / direction[0]
    #expect(step > 0)
    #expect(found.value <= start.value + search.sufficientDecrease * step * slope)
    #expect(found.gradient.dot(direction).magnitude <= search.curvature * slope.magnitude)
    #expect(outcome.evaluations <= search.maximumEvaluations)
  }

  /// If values differ by rounding only, the slopes are used.
  @Test func worksBelowTheNoiseOfTheValue() throws {
    let function = MinimumProblem.along("noisy") {
      (1e8 + ($0 - 1e-5) * ($0 - 1e-5), 2 * $0 - 2e-5)
    }
    let start = Iterate(of: function, at: [0])
    let outcome = LineSearch().search(
      function, from: start, along: start.gradient.map { -$0 }, step: 1)
    let found = try #require(outcome.iterate)
    #expect(found.gradient[0].magnitude <= 0.9 * start.gradient[0].magnitude)
  }

  @Test func refusesADirectionThatAscends() {
    let start = Iterate(of: Self.functions[0], at: [0])
    let outcome = LineSearch().search(
      Self.functions[0], from: start, along: start.gradient, step: 1)
    #expect(outcome.iterate == nil)
    #expect(outcome.evaluations == 0)
  }

  /// Without a lower bound the search ends after its maximum number of evaluations, with the lowest
  /// point.
  @Test func endsOnALineWithoutEnd() throws {
    let line = MinimumProblem.along("line") { (-$0, -1) }
    let start = Iterate(of: line, at: [0])
    let outcome = LineSearch().search(line, from: start, along: [1], step: 1)
    #expect(outcome.evaluations <= 40)
    #expect(try #require(outcome.iterate).value < -1e20)
  }
}

extension MinimumProblem {
  fileprivate static func along(
    _ name: String, _ function: @escaping @Sendable (Double) -> (Double, Double)
  ) -> MinimumProblem {
    MinimumProblem(
      name: name, start: [0], minimum: 0,
      function: { x in
        let (value, slope) = function(x[0])
        return (value, [slope])
      }, hessian: { _ in [[1]] })
  }
}
