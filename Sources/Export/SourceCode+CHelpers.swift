extension SourceCode {
  /// A function that is written to the file if it is used.
  struct Helper {
    let name: String
    let text: String
  }

  /// The helper functions in C: sizes, tables, vectors, then the destination of the result.
  static let cHelpers: [Helper] = [
    Helper(
      name: "level_of",
      text: """
        static int level_of(
            int count, int substitute, const char *const *levels, const char *text) {
          for (int i = 0; text && i < count; i++) {
            if (!strcmp(levels[i], text)) return i;
          }
          return text && *text ? -1 : substitute;
        }
        """),
    Helper(
      name: "standardized",
      text: """
        static void standardized(
            int n, const double *center, const double *scale, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = (x[i] - center[i]) / scale[i];
        }
        """),
    Helper(
      name: "affine",
      text: """
        static void affine(
            int inputs, int units, const double *w, const double *b, const double *x, double *z) {
          for (int u = 0; u < units; u++) {
            double sum = b[u];
            for (int i = 0; i < inputs; i++) sum = fma(*w++, x[i], sum);
            z[u] = sum;
          }
        }
        """),
    Helper(
      name: "normalized",
      text: """
        static void normalized(
            int n, const double *gain, const double *shift, const double *x, double *z) {
          double mean = 0, square = 0;
          for (int i = 0; i < n; i++) mean += x[i];
          mean *= 1.0 / n;
          for (int i = 0; i < n; i++) square += (x[i] - mean) * (x[i] - mean);
          const double inverse = 1 / sqrt(square * (1.0 / n) + 1e-5);
          for (int i = 0; i < n; i++) z[i] = gain[i] * ((x[i] - mean) * inverse) + shift[i];
        }
        """),
    Helper(
      name: "relu_of",
      text: """
        static void relu_of(int n, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = x[i] > 0 ? x[i] : 0;
        }
        """),
    Helper(
      name: "gelu_of",
      text: """
        static void gelu_of(int n, const double *x, double *z) {
          for (int i = 0; i < n; i++) {
            z[i] = x[i] / (1 + exp(-1.5957691216057308 * (x[i] + 0.044715 * (x[i] * x[i]) * x[i])));
          }
        }
        """),
    Helper(
      name: "tanh_of",
      text: """
        static void tanh_of(int n, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = tanh(x[i]);
        }
        """),
    Helper(
      name: "softmax",
      text: """
        static void softmax(int n, const double *x, double *z) {
          double top = x[0], sum = 0;
          for (int i = 1; i < n; i++) top = x[i] > top ? x[i] : top;
          for (int i = 0; i < n; i++) sum += z[i] = exp(x[i] - top);
          for (int i = 0; i < n; i++) z[i] *= 1 / sum;
        }
        """),
    Helper(
      name: "log_softmax",
      text: """
        static void log_softmax(int n, const double *x, double *z) {
          double top = x[0], sum = 0;
          for (int i = 1; i < n; i++) top = x[i] > top ? x[i] : top;
          for (int i = 0; i < n; i++) sum += exp(x[i] - top);
          for (int i = 0; i < n; i++) z[i] = x[i] - (top + log(sum));
        }
        """),
    Helper(
      name: "mean",
      text: """
        static void mean(int members, int n, const double *const *x, double *z) {
          for (int i = 0; i < n; i++) {
            z[i] = 0;
            for (int m = 0; m < members; m++) z[i] += x[m][i];
            z[i] *= 1.0 / members;
          }
        }
        """),
    Helper(
      name: "log_mean_exp",
      text: """
        static void log_mean_exp(int members, int n, const double *const *x, double *z) {
          for (int i = 0; i < n; i++) {
            double top = x[0][i], sum = 0;
            for (int m = 1; m < members; m++) top = x[m][i] > top ? x[m][i] : top;
            for (int m = 0; m < members; m++) sum += exp(x[m][i] - top);
            z[i] = top + log(sum / members);
          }
        }
        """),
    Helper(
      name: "lifted",
      text: """
        static void lifted(int n, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = x[i] > -744.4400719213812 ? x[i] : -744.4400719213812;
        }
        """),
    Helper(
      name: "centred",
      text: """
        static void centred(int n, const double *x, double *z) {
          double sum = 0;
          for (int i = 0; i < n; i++) sum += x[i];
          for (int i = 0; i < n; i++) z[i] = x[i] - sum * (1.0 / n);
        }
        """),
    Helper(
      name: "scaled",
      text: """
        static void scaled(
            int n, const double *slope, const double *start, const double *x, double *z) {
          for (int i = 0; i < n; i++) z[i] = start[i] + slope[i] * x[i];
        }
        """),
    Helper(
      name: "isotonic",
      text: """
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
        """),
  ]
}
