// Chooses the strength of a prior on held-out rows, and says what the choice is worth.
import Surprisal

func crossValidate(file: String) throws {
  let data = try Dataset(contentsOf: file, labels: .probabilities(prefix: "p_"))
  let validation = CrossValidation(
    SoftmaxPath(likelihood: Categorical(), options: FitOptions(penalizesStandardized: true)),
    repeats: 10, isNested: true, threads: ThreadCount(8))
  guard let result = try validation.run(data) else { return }
  let summary = result.summary
  print("strength", summary.strengths[summary.index(.oneStandardError)])
  print("held-out divergence", summary.nested?[.klDivergence] ?? .nan)
  print("of the mean label", summary.null[.klDivergence])
}

let arguments = CommandLine.arguments
if arguments.count == 2 {
  try crossValidate(file: arguments[1])
} else {
  print("usage: CrossValidate DATA.csv   with label columns p_...")
}
