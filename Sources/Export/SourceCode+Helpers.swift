extension SourceCode {
  /// A function that is written to the file if it is used, in both languages.
  struct Helper {
    let name: String
    let c: String
    let swift: String
  }

  /// The helper functions that calls need.
  func helpers(for calls: [Call?]) -> [Helper] {
    Self.helpers.filter { helper in
      calls.contains { $0?.function == helper.name }
        || (helper.name == "level_of" && inputs.contains { $0.levels != nil })
    }
  }

  /// All helper functions. In C the arguments are sizes, tables, vectors, then the destination of
  /// the result; in Swift tables, then vectors. Both compute the same operations in the same order.
  private static let helpers: [Helper] = [
    Helper(
      name: "level_of",
      c: """
        static int level_of(
            int count, int substitute, const char *const *levels, const char *text) {
          for (int i = 0; text && i < count; i++) {
            if (!strcmp(levels[i], text)) return i;
          }
          return text && *text ? -1 : substitute;
        }
        """,
      swift: """
        private func level_of(_ substitute: Int?, _ levels: [String], _ text: String?) -> Int? {
          text.flatMap { levels.firstIndex(of: $0) } ?? ((text ?? "").isEmpty ? substitute : nil)
        }
        """),
    Helper(
      name: "standardized",
      c: """
        static void standardized(
            int n, const double *center, const double *scale, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = (x[i] - center[i]) / scale[i];
        }
        """,
      swift: """
        private func standardized(
          _ center: [Double], _ scale: [Double], _ x: [Double]
        ) -> [Double] {
          x.indices.map { (x[$0] - center[$0]) / scale[$0] }
        }
        """),
    Helper(
      name: "affine",
      c: """
        static void affine(
            int inputs, int units, const double *w, const double *b, const double *x, double *z) {
          for (int u = 0; u < units; u++) {
            double sum = b[u];
            for (int i = 0; i < inputs; i++) sum = fma(*w++, x[i], sum);
            z[u] = sum;
          }
        }
        """,
      swift: """
        private func affine(_ w: [Double], _ b: [Double], _ x: [Double]) -> [Double] {
          b.indices.map { unit in
            let start = unit * x.count
            return x.indices.reduce(b[unit]) { $0.addingProduct(w[start + $1], x[$1]) }
          }
        }
        """),
    Helper(
      name: "normalized",
      c: """
        static void normalized(
            int n, const double *gain, const double *shift, const double *x, double *z) {
          double mean = 0, square = 0;
          for (int i = 0; i < n; i++) mean += x[i];
          mean *= 1.0 / n;
          for (int i = 0; i < n; i++) square += (x[i] - mean) * (x[i] - mean);
          const double inverse = 1 / sqrt(square * (1.0 / n) + 1e-5);
          for (int i = 0; i < n; i++) z[i] = gain[i] * ((x[i] - mean) * inverse) + shift[i];
        }
        """,
      swift: """
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
      c: """
        static void relu_of(int n, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = x[i] > 0 ? x[i] : 0;
        }
        """,
      swift: """
        private func relu_of(_ x: [Double]) -> [Double] { x.map { $0 > 0 ? $0 : 0 } }
        """),
    Helper(
      name: "gelu_of",
      c: """
        static void gelu_of(int n, const double *x, double *z) {
          for (int i = 0; i < n; i++) {
            z[i] = x[i] / (1 + exp(-1.5957691216057308 * (x[i] + 0.044715 * (x[i] * x[i]) * x[i])));
          }
        }
        """,
      swift: """
        private func gelu_of(_ x: [Double]) -> [Double] {
          x.map { $0 / (1 + exp(-1.5957691216057308 * ($0 + 0.044715 * ($0 * $0) * $0))) }
        }
        """),
    Helper(
      name: "tanh_of",
      c: """
        static void tanh_of(int n, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = tanh(x[i]);
        }
        """,
      swift: """
        private func tanh_of(_ x: [Double]) -> [Double] { x.map { tanh($0) } }
        """),
    Helper(
      name: "softmax",
      c: """
        static void softmax(int n, const double *x, double *z) {
          double top = x[0], sum = 0;
          for (int i = 1; i < n; i++) top = x[i] > top ? x[i] : top;
          for (int i = 0; i < n; i++) sum += z[i] = exp(x[i] - top);
          for (int i = 0; i < n; i++) z[i] *= 1 / sum;
        }
        """,
      swift: """
        private func softmax(_ x: [Double]) -> [Double] {
          let top = x.max() ?? 0
          let terms = x.map { exp($0 - top) }
          let share = 1 / terms.reduce(0, +)
          return terms.map { $0 * share }
        }
        """),
    Helper(
      name: "log_softmax",
      c: """
        static void log_softmax(int n, const double *x, double *z) {
          double top = x[0], sum = 0;
          for (int i = 1; i < n; i++) top = x[i] > top ? x[i] : top;
          for (int i = 0; i < n; i++) sum += exp(x[i] - top);
          for (int i = 0; i < n; i++) z[i] = x[i] - (top + log(sum));
        }
        """,
      swift: """
        private func log_softmax(_ x: [Double]) -> [Double] {
          let top = x.max() ?? 0
          let normalizer = top + log(x.reduce(0) { $0 + exp($1 - top) })
          return x.map { $0 - normalizer }
        }
        """),
    Helper(
      name: "mean",
      c: """
        static void mean(int members, int n, const double *const *x, double *z) {
          for (int i = 0; i < n; i++) {
            z[i] = 0;
            for (int m = 0; m < members; m++) z[i] += x[m][i];
            z[i] *= 1.0 / members;
          }
        }
        """,
      swift: """
        private func mean(_ members: [[Double]]) -> [Double] {
          let share = 1 / Double(members.count)
          return members[0].indices.map { i in members.reduce(0) { $0 + $1[i] } * share }
        }
        """),
    Helper(
      name: "log_mean_exp",
      c: """
        static void log_mean_exp(int members, int n, const double *const *x, double *z) {
          for (int i = 0; i < n; i++) {
            double top = x[0][i], sum = 0;
            for (int m = 1; m < members; m++) top = x[m][i] > top ? x[m][i] : top;
            for (int m = 0; m < members; m++) sum += exp(x[m][i] - top);
            z[i] = top + log(sum / members);
          }
        }
        """,
      swift: """
        private func log_mean_exp(_ members: [[Double]]) -> [Double] {
          members[0].indices.map { i in
            let top = members.reduce(-Double.infinity) { max($0, $1[i]) }
            return top + log(members.reduce(0) { $0 + exp($1[i] - top) } / Double(members.count))
          }
        }
        """),
    Helper(
      name: "lifted",
      c: """
        static void lifted(int n, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = x[i] > -744.4400719213812 ? x[i] : -744.4400719213812;
        }
        """,
      swift: """
        private func lifted(_ x: [Double]) -> [Double] { x.map { max($0, -744.4400719213812) } }
        """),
    Helper(
      name: "centred",
      c: """
        static void centred(int n, const double *x, double *z) {
          double sum = 0;
          for (int i = 0; i < n; i++) sum += x[i];
          for (int i = 0; i < n; i++) z[i] = x[i] - sum * (1.0 / n);
        }
        """,
      swift: """
        private func centred(_ x: [Double]) -> [Double] {
          let mean = x.reduce(0, +) * (1 / Double(x.count))
          return x.map { $0 - mean }
        }
        """),
    Helper(
      name: "scaled",
      c: """
        static void scaled(
            int n, const double *slope, const double *start, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = start[i] + slope[i] * x[i];
        }
        """,
      swift: """
        private func scaled(_ slope: [Double], _ start: [Double], _ x: [Double]) -> [Double] {
          x.indices.map { start[$0] + slope[$0] * x[$0] }
        }
        """),
    Helper(
      name: "isotonic",
      c: """
        static void isotonic(
            int n, const int *starts, const double *knots, const double *heights, const double *x,
            double *z) {
          double total = 0;
          for (int k = 0; k < n; k++) {
            const double *const t = knots + starts[k], *const h = heights + starts[k];
            const double q = exp(x[k]);
            const int count = starts[k + 1] - starts[k];
            int low = 0;
            while (low < count && t[low] <= q) low++;
            if (low == 0 || low == count) {
              z[k] = h[low == 0 ? 0 : count - 1];
            } else {
              const double value =
                  h[low - 1] + (q - t[low - 1]) / (t[low] - t[low - 1]) * (h[low] - h[low - 1]);
              z[k] = value < h[low] ? value : h[low];
            }
            total += z[k];
          }
          for (int k = 0; k < n; k++) z[k] = total > 0 ? z[k] / total : exp(x[k]);
        }
        """,
      swift: """
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
