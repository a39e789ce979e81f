/// One line of the ledger: what the log-likelihood is, if the label is taken for this.
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

  /// Which interpretation.
  public let kind: Kind
  /// The full log-likelihood, constant included, in nats; nil for the `reason`.
  public let logLikelihood: Double?
  /// The part of it that is free of every parameter.
  public let constant: Double?
  /// Whether what depends on the parameters is minus the cross entropy, once a vote.
  public let equalsMinusCrossEntropy: Bool
  /// `logLikelihood + n * cross entropy`, n the votes in interpretations of votes and one
  /// elsewhere: zero where minus cross entropy is the log-likelihood, the constant where it is so
  /// up to that.
  public let difference: Double?
  /// Why there is no log-likelihood.
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
  /// What the label is, in this interpretation.
  public var label: String {
    switch self {
    case .knownClass: "the class is known"
    case .expectedLogLikelihood: "one draw of unknown class; the label is the belief about it"
    case .multinomial: "shares of independent votes"
    case .fractionalResponse: "a fractional response"
    case .continuousCategorical: "a random point of the simplex"
    case .dirichlet: "a random point of the simplex around the prediction"
    case .dirichletMultinomial: "shares of votes that agree more than independent ones"
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

  /// What depends on the parameters is minus the cross entropy, once a vote.
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
