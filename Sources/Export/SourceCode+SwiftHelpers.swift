extension SourceCode {
  /// The helper functions in Swift: tables, then vectors.
  static let swiftHelpers: [Helper] = [
    Helper(
      name: "level_of",
      text: """
        private func level_of(_ substitute: Int?, _ levels: [String], _ text: String?) -> Int? {
          text.flatMap { levels.firstIndex(of: $0) } ?? ((text ?? "").isEmpty ? substitute : nil)
        }
        """),
    Helper(
      name: "standardized",
      text: """
        private func standardized(
          _ center: [Double], _ scale: [Double], _ x: [Double]
        ) -> [Double] {
          x.indices.map { (x[$0] - center[$0]) / scale[$0] }
        }
        """),
    Helper(
      name: "affine",
      text: """
        private func affine(_ w: [Double], _ b: [Double], _ x: [Double]) -> [Double] {
          b.indices.map { unit in
            let start = unit * x.count
            return x.indices.reduce(b[unit]) { $0.addingProduct(w[start + $1], x[$1]) }
          }
        }
        """),
    Helper(
      name: "normalized",
      text: """
        private func normalized(_ gain: [Double], _ shift: [Double], _ x: [Double]) -> [Double] {
          let share = 1 / Double(x.count)
          let mean = x.reduce(0, +) * share
          let square = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
          let inverse = 1 / (square * share + 1e-5).squareRoot()
          return x.indices.map { gain[$0] * ((x[$0] - mean) * inverse) + shift[$0] }
        }
        """),
    Helper(
      name: "relu_of",
      text: """
        private func relu_of(_ x: [Double]) -> [Double] { x.map { $0 > 0 ? $0 : 0 } }
        """),
    Helper(
      name: "gelu_of",
      text: """
        private func gelu_of(_ x: [Double]) -> [Double] {
          x.map { $0 / (1 + exp(-1.5957691216057308 * ($0 + 0.044715 * ($0 * $0) * $0))) }
        }
        """),
    Helper(
      name: "tanh_of",
      text: """
        private func tanh_of(_ x: [Double]) -> [Double] { x.map { tanh($0) } }
        """),
    Helper(
      name: "softmax",
      text: """
        private func softmax(_ x: [Double]) -> [Double] {
          let top = x.max() ?? 0
          let terms = x.map { exp($0 - top) }
          let share = 1 / terms.reduce(0, +)
          return terms.map { $0 * share }
        }
        """),
    Helper(
      name: "log_softmax",
      text: """
        private func log_softmax(_ x: [Double]) -> [Double] {
          let top = x.max() ?? 0
          let normalizer = top + log(x.reduce(0) { $0 + exp($1 - top) })
          return x.map { $0 - normalizer }
        }
        """),
    Helper(
      name: "mean",
      text: """
        private func mean(_ members: [[Double]]) -> [Double] {
          let share = 1 / Double(members.count)
          return members[0].indices.map { i in members.reduce(0) { $0 + $1[i] } * share }
        }
        """),
    Helper(
      name: "log_mean_exp",
      text: """
        private func log_mean_exp(_ members: [[Double]]) -> [Double] {
          members[0].indices.map { i in
            let top = members.reduce(-Double.infinity) { max($0, $1[i]) }
            return top + log(members.reduce(0) { $0 + exp($1[i] - top) } / Double(members.count))
          }
        }
        """),
    Helper(
      name: "lifted",
      text: """
        private func lifted(_ x: [Double]) -> [Double] { x.map { max($0, -744.4400719213812) } }
        """),
    Helper(
      name: "centred",
      text: """
        private func centred(_ x: [Double]) -> [Double] {
          let mean = x.reduce(0, +) * (1 / Double(x.count))
          return x.map { $0 - mean }
        }
        """),
    Helper(
      name: "scaled",
      text: """
        private func scaled(_ slope: [Double], _ start: [Double], _ x: [Double]) -> [Double] {
          x.indices.map { start[$0] + slope[$0] * x[$0] }
        }
        """),
    Helper(
      name: "isotonic",
      text: """
        private func isotonic(
          _ starts: [Int], _ knots: [Double], _ heights: [Double], _ x: [Double]
        ) -> [Double] {
          let before = x.map { exp($0) }
          let after = before.indices.map { k in
            let (first, end) = (starts[k], starts[k + 1])
            let next = (first..<end).first { knots[$0] > before[k] } ?? end
            guard next > first, next < end else { return heights[next == first ? first : end - 1] }
            let share = (before[k] - knots[next - 1]) / (knots[next] - knots[next - 1])
            let rise = heights[next] - heights[next - 1]
            return min(heights[next - 1] + share * rise, heights[next])
          }
          let total = after.reduce(0, +)
          return total > 0 ? after.map { $0 / total } : before
        }
        """),
  ]
}
