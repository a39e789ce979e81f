import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import SurprisalReporting
import SurprisalTables
import TestSupport
import Testing

/// The text of reports of the published housing fit; its numbers are tested elsewhere.
@Suite struct HousingReportTests {
  static func fit() throws -> Fit<LinearPredictor, Multinomial, FlatPrior> {
    try MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial())
      .fit(HousingSurvey.dataset())
  }

  /// Gradients and numbers of steps are removed: they may differ in the last bits between machines.
  static func stable(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      .filter { line in
        !["solver", "status", "distance"].contains { line.hasPrefix("  \($0)") }
      }
  }

  @Test func summary() throws {
    let fit = try Self.fit()
    var summary = FitSummary(
      fit.record(), classNames: fit.classifier.classNames,
      bases: ["Infl = Low", "Type = Tower", "Cont = Low"], dataName: "housing")
    summary.rowLimit = 4
    let expected = """
        data      housing: 24 rows, 6 features, 3 classes, total weight 1681 (votes)
        labels    votes for each class, read as multinomial (votes are independent draws)
        model     softmax regression, reference class Low; base levels Infl = Low, Type = Tower, Cont = Low
        prior     flat: maximum likelihood

        nats per unit of weight               fit      null   uniform
        cross entropy                    1.032149  1.085329  1.098612
        = label entropy of these votes   1.020649  1.020649  1.020649
        + KL divergence                  0.011500  0.064681  0.077963
          = expected noise of the votes  0.010396  0.010396  0.010396
          + misfit                       0.001104  0.054285  0.067568
        misfit 0.001104, std.error 0.00218; test that it is zero: p = 0.2671 (deviance, \
      34 degrees of freedom, chi-square approximation)
        deviance explained: 98.0 %, the noise of the votes taken out; raw 82.2 %
        McFadden's share of the cross entropy: 4.9 %; the entropy of the labels keeps it below 6.0 %

        log-likelihood  -118.8993 = -1735.0419 (depends on the parameters) + 1616.1426 (constant)
        deviance        38.6622 against the saturated model, which predicts every label; 34 degrees of freedom
        Pearson X2      38.9104, dispersion phi 1.1444 (X2 / degrees of freedom); quasi-multinomial \
      errors are 1.0698 times those below
        criteria        AIC 265.799, BIC 341.779, 14 degrees of freedom (BIC of 1681 votes)

      coefficients, log odds against class Low
        class   feature           estimate  std.error  z  Pr(>|z|)  2.5 %  97.5 %
        Medium  (Intercept)      -0.419229
      """
    let found = Self.stable(summary.text).joined(separator: "\n")
    #expect(found.hasPrefix(expected), "\(found)")
    #expect(found.contains("... 10 more rows: --all prints them"))
    #expect(!found.contains("nan") && !found.contains("inf "))
  }

  @Test func summaryOfAPriorAndOfAStop() throws {
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Multinomial(), prior: .ridge(0.5),
      options: FitOptions(
        stopping: StoppingRule(maximumIterations: 1), penalizesStandardized: true)
    ).fit(HousingSurvey.dataset())
    let text = FitSummary(fit.record(reference: 2), classNames: ["L", "M", "H"]).text
    #expect(text.contains("reference class H"))
    #expect(
      text.contains("gaussian on standardised coefficients, precision 840.5 (l2 = 0.5): "))
    #expect(text.contains("NOT CONVERGED (iteration_limit)"))
    #expect(text.contains("log posterior"))
    #expect(text.contains("no AIC or BIC: "))
    #expect(text.contains("warning[fit.notconverged]: "))
    #expect(!text.contains("distance"))
  }

  @Test func tidyAndGlance() throws {
    let fit = try Self.fit()
    let tables = try TidyTables(fit.record(), classNames: fit.classifier.classNames)
    let tidy = tables.tidy.split(separator: "\n")
    #expect(
      tidy[0] == "y.level,term,estimate,std.error,statistic,p.value,conf.low,conf.high")
    #expect(tidy.count == 15)
    #expect(tidy[1].hasPrefix("Medium,(Intercept),-0.41922874117"))
    #expect(tidy[8].hasPrefix("High,(Intercept),-0.13874275899"))
    #expect(tidy.allSatisfy { $0.split(separator: ",").count == 8 })
    let glance = tables.glance.split(separator: "\n")
    #expect(glance[0] == "nobs,df,logLik,deviance,AIC,BIC,converged")
    let values = glance[1].split(separator: ",")
    #expect(values[0] == "24" && values[1] == "14" && values[6] == "TRUE")
    let numbers = values[2...4].compactMap { Double($0) }
    let expected = [-118.89931444445619, 38.662204720463599, 265.79862888891239]
    #expect(zip(numbers, expected).allSatisfy { ($0 - $1).magnitude < 1e-8 })
  }

  @Test func namesWithCommasAreQuoted() throws {
    let data = try HousingSurvey.dataset()
    let fit = try Self.fit()
    let tidy = try TidyTables(fit.record(), classNames: ["a", "b, \"c\"", "d"]).tidy
    #expect(tidy.contains("\n\"b, \"\"c\"\"\",(Intercept),"))
    #expect(data.rowCount == 24)
  }
}
