import Surprisal

/// The demo as text: the result of a fit, line by line, with an explanation of each line.
struct DemoTour {
  let model: FittedModel
  let evaluation: Evaluation

  var text: String {
    [data, floor, likelihood, coefficients, next].joined(separator: "\n\n")
  }

  private var statistics: FitStatistics { model.record.statistics }

  private var noise: LabelNoise? { statistics.labelNoise }

  private func digits(_ value: Double) -> String { NumberText.fixed(value, 6) }

  /// A number in a column of eleven characters.
  private func column(_ value: Double) -> String {
    let text = NumberText.fixed(value, 4)
    return String(repeating: " ", count: max(0, 11 - text.count)) + text
  }

  private var data: String {
    """
    THE DATA  1681 householders in Copenhagen said how satisfied they were: low, medium or high.
      Each of 24 rows (influence on management x dwelling x contact with neighbours) has their
      votes. People in one row disagree, so a row's label is a distribution, not a class:

        influence dwelling contact    low medium high     shares
        low       tower    low         21     21   28     .30  .30  .40
        high      terrace  high         5      6   13     .21  .25  .54

      (Madsen 1976; Venables and Ripley, Modern Applied Statistics with S, chapter 7)
    """
  }

  private var floor: String {
    """
    THE FIT  softmax regression by maximum likelihood; \(convergence)

        cross entropy of labels and predictions   \(digits(statistics.crossEntropy)) nats a vote
      = entropy of the labels                     \(digits(statistics.labelEntropy))   \
    disagreement in these votes
      + KL divergence from labels to predictions  \(digits(statistics.divergence))   = the next two
        = expected noise of the votes             \(digits(noise?.expected ?? .nan))   \
    a true model has it too
        + misfit                                  \(digits(noise?.misfit ?? .nan))   \
    what the model may miss

      Votes are random: even true probabilities differ from their shares. That nothing is missed
      has p = \(NumberText.probability(noise?.test?.pValue)) (deviance, \
    \(noise?.test?.degreesOfFreedom ?? 0) degrees of freedom, chi-square approximation).
      Predicting the overall shares for everyone gives \(digits(statistics.nullCrossEntropy)). \
    With the noise taken out,
      the model explains \(NumberText.percent(statistics.correctedShare)) of the deviance; raw it \
    is \(NumberText.percent(statistics.explainedShare)). A cross entropy without its
      parts would hide that: \(digits(statistics.crossEntropy)) looks close to \
    \(digits(statistics.nullCrossEntropy)).
    """
  }

  private var convergence: String {
    let convergence = model.record.convergence
    return "\(convergence.termination) after \(convergence.iterations) Newton steps,\n"
      + "  mean gradient \(NumberText.significant(statistics.gradientNorm, 2))"
  }

  private var likelihood: String {
    let kernel = statistics.logLikelihood - statistics.logLikelihoodConstant
    var criteria = ""
    if case .available(let akaike, _) = statistics.criteria {
      criteria =
        "\n  AIC \(NumberText.fixed(akaike, 3)) with \(statistics.degreesOfFreedom ?? 0) "
        + "parameters."
    }
    return """
      THE LIKELIHOOD  The labels are votes, so they have one: the multinomial.

          minus 1681 x cross entropy             \(column(kernel))   depends on the parameters
        + log of the multinomial coefficients    \(column(statistics.logLikelihoodConstant))   \
      does not
        = log-likelihood                         \(column(statistics.logLikelihood))

        Minimising the cross entropy is maximising this likelihood. Programs differ in the constant;
        here it is always stated.\(criteria)
        Were the labels probabilities instead of votes, the same fit would maximise an expected
        log-likelihood, and there would be no AIC: surprisal says so.
      """
  }

  private var coefficients: String {
    var table = TextTable(["satisfaction", "feature", "log odds against low"], leftColumns: 2)
    for coefficient in model.record.coefficients where coefficient.classIndex == 2 {
      table.append([
        model.classifier.classNames[coefficient.classIndex], coefficient.feature,
        NumberText.significant(coefficient.estimate),
      ])
    }
    return
      "THE COEFFICIENTS  of high against low satisfaction (base: low influence, tower, low "
      + "contact)\n\n"
      + table.text(indent: 4)
      + "\n\n  More influence, more satisfaction; terraces are liked least."
  }

  private var next: String {
    """
    NEXT  the same from files:

        surprisal demo --data > housing.csv
        surprisal check housing.csv --counts 'n_*'
        surprisal fit housing.csv --counts 'n_*' -o model.json \\
          --base influence=low --base dwelling=tower --base contact=low
        surprisal predict model.json housing.csv
        surprisal evaluate model.json housing.csv --counts 'n_*'

      with labels of your own: --target COLUMN for classes, --probs 'p_*' for probabilities.
    """
  }
}
