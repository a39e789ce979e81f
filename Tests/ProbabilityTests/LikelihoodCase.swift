import SurprisalLinearAlgebra
import SurprisalProbability
import Testing

/// A likelihood with suitable labels, for the shared tests.
struct LikelihoodCase: Sendable, CustomTestStringConvertible {
  let likelihood: any Likelihood
  let labels: Labels
  /// Every possible outcome of one example, one per row, if these can be listed.
  var outcomes: Labels?
  var note = ""

  var testDescription: String {
    "\(likelihood.name) of \(labels.kind.rawValue)\(note.isEmpty ? "" : ", \(note)")"
  }
}

/// Every likelihood, in every form of its labels. A new one is added here by one line.
let allLikelihoods: [LikelihoodCase] = [
  LikelihoodCase(likelihood: Categorical(), labels: .someClasses, outcomes: .everyClass),
  LikelihoodCase(likelihood: Categorical(), labels: .someProbabilities),
  LikelihoodCase(likelihood: Multinomial(), labels: .someCounts, outcomes: .everyTripleOfVotes),
  LikelihoodCase(likelihood: CandidateSet(), labels: .someCandidates),
  LikelihoodCase(likelihood: CandidateSet(), labels: .someClasses),
  LikelihoodCase(likelihood: Evidence(), labels: .someEvidence),
  LikelihoodCase(likelihood: Evidence(), labels: .someClasses),
  LikelihoodCase(likelihood: ContinuousCategorical(), labels: .someProbabilities),
  LikelihoodCase(likelihood: Dirichlet(), labels: .someInnerProbabilities),
  LikelihoodCase(
    likelihood: Dirichlet(precision: .fixed(7)), labels: .someInnerProbabilities, note: "fixed"),
  LikelihoodCase(
    likelihood: DirichletMultinomial(), labels: .someCounts, outcomes: .everyTripleOfVotes),
  LikelihoodCase(
    likelihood: NoisyLabel(.someConfusion), labels: .someClasses, outcomes: .everyClass,
    note: "known matrix"),
  LikelihoodCase(
    likelihood: NoisyLabel(.someConfusion), labels: .someProbabilities, note: "known matrix"),
  LikelihoodCase(
    likelihood: NoisyLabel(.estimated()), labels: .someClasses, outcomes: .everyClass,
    note: "estimated matrix"),
  LikelihoodCase(
    likelihood: NoisyLabel(.estimated(startingDiagonal: 0.6)), labels: .someProbabilities,
    note: "estimated matrix"),
]
