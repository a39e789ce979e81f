/// One row of the ledger: the log-likelihood of the label under one interpretation.
public struct LabelInterpretation: Sendable, Equatable {
  /// The interpretations of a soft label, in the order of the ledger.
  public enum Kind: String, Sendable, CaseIterable {
    case knownClass = "known-class"
    case expectedLogLikelihood = "expected-log-likelihood"
    case multinomial
    case fractionalResponse = "fractional-response"
    case continuousCategorical = "continuous-categorical"
    case dirichlet
    case dirichletMultinomial = "dirichlet-multinomial"
    case matchedDistribution = "matched-distribution"
    case candidateSet = "candidate-set"
    case noisyLabel = "noisy-label"
    case evidence
    case posterior
  }

  /// The interpretation.
  public let kind: Kind
  /// The full log-likelihood including its constant, in nats; nil if there is none, see `reason`.
  public let logLikelihood: Double?
  /// The part of the log-likelihood that depends on no parameter.
  public let constant: Double?
  /// Whether the part that depends on the parameters equals minus the cross entropy, times the
  /// number of votes in interpretations of votes.
  public let equalsMinusCrossEntropy: Bool
  /// `logLikelihood + n * cross entropy`, with n the number of votes in interpretations of votes
  /// and 1 otherwise. Zero if minus cross entropy is the log-likelihood; equal to the constant if
  /// it is the log-likelihood up to that constant.
  public let difference: Double?
  /// Why there is no log-likelihood; nil if there is one.
  public let reason: String?

  init(
    _ kind: Kind, logLikelihood: Double?, constant: Double?, difference: Double?, reason: String?
  ) {
    self.kind = kind
    self.logLikelihood = logLikelihood
    self.constant = constant
    self.difference = difference
    self.reason = reason
    equalsMinusCrossEntropy = kind.equalsMinusCrossEntropy
  }
}

extension LabelInterpretation.Kind {
  /// What the label is under this interpretation.
  public var label: String {
    switch self {
    case .knownClass: "the class is known"
    case .expectedLogLikelihood: "one draw of unknown class; the label is the belief about it"
    case .multinomial: "proportions of independent votes"
    case .fractionalResponse: "a fractional response"
    case .continuousCategorical: "a random point of the simplex"
    case .dirichlet: "a random point of the simplex around the prediction"
    case .dirichletMultinomial: "proportions of correlated votes"
    case .matchedDistribution: "a distribution to be matched"
    case .candidateSet: "a set that contains the class"
    case .noisyLabel: "a class seen through a confusion matrix"
    case .evidence: "evidence: p_k is how likely what was seen is under class k"
    case .posterior: "a posterior that holds a prior: p_k / prior_k is the evidence"
    }
  }

  /// The log-likelihood as a formula.
  public var formula: String {
    switch self {
    case .knownClass: "log q_y"
    case .expectedLogLikelihood: "sum_k p_k log q_k = E log q_y"
    case .multinomial: "n sum_k p_k log q_k + log multinomial coefficient"
    case .fractionalResponse: "none: sum_k p_k log q_k is a quasi-likelihood"
    case .continuousCategorical: "sum_k p_k log q_k - log C(log q)"
    case .dirichlet: "log Dirichlet density of p with parameters precision * q"
    case .dirichletMultinomial: "log Dirichlet-multinomial probability of n p, precision * q"
    case .matchedDistribution: "-KL(p, q) = sum_k p_k log q_k + H(p)"
    case .candidateSet: "log sum over S of q_k"
    case .noisyLabel: "sum_y p_y log sum_k q_k T[k, y]"
    case .evidence: "log sum_k p_k q_k"
    case .posterior: "log sum_k p_k / prior_k q_k"
    }
  }

  /// Whether the part that depends on the parameters equals minus the cross entropy, times the
  /// number of votes in interpretations of votes.
  public var equalsMinusCrossEntropy: Bool {
    switch self {
    case .knownClass, .expectedLogLikelihood, .multinomial, .fractionalResponse,
      .matchedDistribution:
      true
    case .continuousCategorical, .dirichlet, .dirichletMultinomial, .candidateSet, .noisyLabel,
      .evidence, .posterior:
      false
    }
  }
}
