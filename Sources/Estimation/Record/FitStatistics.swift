import RealModule
import SurprisalEvaluation

/// The statistics of a fit on its training data. Everything is in nats.
public struct FitStatistics: Sendable, Equatable {
  /// The number of rows of positive weight; under frequencies, their sum.
  public var rowCount: Double
  /// The total weight, W.
  public var totalWeight: Double
  /// The objective F at the solution.
  public var objective: Double
  /// Mean cross entropy of the labels and the predictions, per unit of weight.
  public var crossEntropy: Double
  /// Mean entropy of the labels: the lower bound of the cross entropy.
  public var labelEntropy: Double
  /// The difference of the two, summed from ratios.
  public var divergence: Double
  /// The cross entropy of the intercept-only fit.
  public var nullCrossEntropy: Double
  /// Σ wᵢ (ℓᵢ + constant): the full log-density.
  public var logLikelihood: Double
  /// The part of it that does not depend on the parameters.
  public var logLikelihoodConstant: Double
  /// The log-likelihood of the intercept-only fit, constants included.
  public var nullLogLikelihood: Double
  /// Log-likelihood plus log prior density; a flat prior contributes zero.
  public var logPosterior: Double
  /// (C - 1) rank(X) + m; nil with a proper prior.
  public var degreesOfFreedom: Int?
  /// Akaike's and the Bayesian criterion, or the reason why there are none.
  public var criteria: Criteria
  /// The infinity norm of the gradient in the user's coordinates.
  public var gradientNorm: Double
  /// The infinity norm in standardised coordinates, which the convergence criterion uses.
  public var standardizedGradientNorm: Double
  /// With a Gaussian prior: an upper bound on F minus its minimum.
  public var gapBound: Double?
  /// Half the squared Newton decrement: an estimate of F minus its minimum.
  public var gapEstimate: Double?
  /// A number of 53 bits that two fits share if their labels, weights and offsets are the same, in
  /// any order of rows; nil in records of unknown data.
  public var dataChecksum: Double?
  /// The noise of the votes and the misfit; nil if the labels are not votes, or it is not known.
  public var labelNoise: LabelNoise?
  /// Pearson's X² of votes; nil for other labels.
  @Absentable public var pearson: Double? = nil

  /// Information criteria, available if the fit maximises a likelihood.
  public enum Criteria: Sendable, Equatable {
    /// `-2 log L + 2 k` and `-2 log L + k log n`.
    case available(akaike: Double, bayesian: Double)
    /// They do not apply, with the reason.
    case unavailable(reason: CriteriaReason)
  }
}

extension FitStatistics {
  /// log C: the cross entropy of uniform predictions.
  public func uniformCrossEntropy(classCount: Int) -> Double { Double.log(Double(classCount)) }

  /// The divergence of the null model.
  public var nullDivergence: Double { nullCrossEntropy - labelEntropy }

  /// The explained deviance 1 - KL / KL of the null model: 1 for predictions equal to the labels.
  /// If labels are votes, true predictions have less than 1 because votes are random; see
  /// `correctedShare`. Nil if the divergence of the null model is zero.
  public var explainedShare: Double? {
    nullDivergence > 1e-14 ? 1 - divergence / nullDivergence : nil
  }

  /// As above, with the noise of the votes subtracted from both: 1 for true predictions, up to
  /// noise. Nil if the noise is not known.
  public var correctedShare: Double? {
    labelNoise?.explainedShare(nullDivergence: nullDivergence)
  }

  /// McFadden's R², 1 - CE / CE of the null model, which predicts the weighted mean label; nil if
  /// the null model is certain.
  ///
  /// For known classes it is `1 - log L / log L of the null model`, and 1 for a perfect fit. For
  /// soft labels, whose entropy no model removes, its maximum is `mcFaddenLimit`. Reference:
  /// McFadden, Conditional logit analysis of qualitative choice behavior (1974).
  public var mcFaddenShare: Double? {
    nullCrossEntropy > 1e-14 ? 1 - crossEntropy / nullCrossEntropy : nil
  }

  /// McFadden's R² of a model that predicts every label: 1 - H / CE of the null model.
  public var mcFaddenLimit: Double? {
    nullCrossEntropy > 1e-14 ? 1 - labelEntropy / nullCrossEntropy : nil
  }
}

extension FitStatistics {
  /// 2 W KL: twice the difference of the log-likelihood to that of the saturated model, which
  /// predicts each label. It is a likelihood ratio only if the log-likelihood is minus the cross
  /// entropy.
  public var devianceAgainstLabels: Double { 2 * totalWeight * divergence }
}

extension FitStatistics {
  /// N (C - 1) less the degrees of freedom of the fit: those of the deviance of votes. Other labels
  /// have a deviance that follows no chi-square.
  package func saturatedFreedom(_ specification: FitRecord.Specification, classCount: Int) -> Int? {
    guard specification.labels == .counts, specification.likelihood == "multinomial",
      specification.weighting == .uniform, specification.prior.name == "flat",
      let freedom = degreesOfFreedom, let rows = Int(exactly: rowCount)
    else { return nil }
    let (cells, overflow) = rows.multipliedReportingOverflow(by: classCount - 1)
    return overflow || cells < freedom ? nil : cells - freedom
  }
}

extension FitRecord {
  /// Pearson's X² over the degrees of freedom of the deviance: 1 for independent votes whose
  /// probabilities are those of the model, and expected counts that are not small.
  package func dispersion(classCount: Int) -> Double? {
    guard let pearson = statistics.pearson, pearson.isFinite,
      let freedom = statistics.saturatedFreedom(specification, classCount: classCount), freedom > 0
    else { return nil }
    return pearson / Double(freedom)
  }
}

extension FitStatistics: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case objective, criteria, pearson
    case rowCount = "rows"
    case totalWeight = "total_weight"
    case crossEntropy = "cross_entropy"
    case labelEntropy = "label_entropy"
    case divergence = "kl_divergence"
    case nullCrossEntropy = "null_cross_entropy"
    case logLikelihood = "log_likelihood"
    case logLikelihoodConstant = "log_likelihood_constant"
    case nullLogLikelihood = "null_log_likelihood"
    case logPosterior = "log_posterior"
    case degreesOfFreedom = "degrees_of_freedom"
    case gradientNorm = "gradient_norm"
    case standardizedGradientNorm = "gradient_norm_standardized"
    case gapBound = "gap_bound"
    case gapEstimate = "gap_estimate"
    case dataChecksum = "data_checksum"
    case labelNoise = "label_noise"
  }
}

extension FitStatistics.Criteria: Codable {
  /// The keys used in files.
  private enum AvailableCodingKeys: String, CodingKey {
    case akaike = "aic"
    case bayesian = "bic"
  }
}
