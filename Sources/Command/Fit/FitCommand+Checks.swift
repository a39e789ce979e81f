import Surprisal

/// Checks of conflicting options before the data are read.
extension FitCommand {
  /// Refuses options of another kind of model.
  func requireOptionsOfTheModel(_ specification: Specification) throws {
    if specification.model.network != nil {
      let given = [
        ("--vcov", vcov != nil), ("--augment", augment != nil), ("--profile", profile),
        ("--test", !test.isEmpty),
      ]
      if let (name, _) = given.first(where: { $0.1 }) {
        throw UsageError(
          "\(name) has no effect for a network, which has no coefficients",
          suggestion: "leave it out"
        )
      }
      if effects {
        throw UsageError(
          "--effects is not for a network: its average effects would have no standard errors",
          suggestion: "leave it out, and compare the predictions for changed rows")
      }
      try NetworkRules(options: network, model: estimator, specification: specification).check()
      if keepPartial {
        throw UsageError(
          "--keep-partial has no effect for a network",
          suggestion: votes.votes == nil
            ? "use --checkpoint FILE, from which training can be resumed"
            : "leave it out: training on votes cannot be resumed")
      }
    } else if let name = network.given {
      throw UsageError(forNetworksOnly: name)
    }
    try specification.checking()
  }

  /// Refuses options that a joint fit of features and votes does not support.
  func requireOptionsOfVotes(_ specification: Specification) throws {
    guard votes.votes != nil else {
      if specification.pseudoCounts != nil {
        throw UsageError(
          "pseudo_counts of the configuration are for fits with --votes",
          suggestion: "add --votes FILE, or take the member out")
      }
      return
    }
    if let role = labels.columns?.role ?? (labels.labels == nil ? nil : .target) {
      throw UsageError(
        "the labels of --votes are the votes: \(labels.labels == nil ? role.flag : "--labels") "
          + "cannot be given too",
        suggestion: "leave out one of them; evaluate compares a model with known classes")
    }
    let refits = [
      ("--test", !test.isEmpty), ("--profile", profile), ("--augment", augment != nil),
      ("--checkpoint", network.checkpoint != nil),
    ]
    if let (name, _) = refits.first(where: \.1) {
      throw UsageError(
        "\(name) is not available with --votes",
        suggestion: "leave it out, or fit the evidence that surprisal aggregate makes of the votes")
    }
    if network.training.validationFile != nil {
      throw UsageError(
        "--validation FILE is not available with --votes",
        suggestion: "give a share of the rows instead, such as --validation 0.2")
    }
    try specification.checking { try $0.validateVotes() }
  }

  /// Requires classes or votes: Jeffreys' prior is a function of their information.
  func requireClassesOrVotes(_ specification: Specification) throws {
    guard specification.prior.density == .jeffreys, votes.votes == nil else { return }
    let likelihood = specification.likelihoodName(
      for: try labels.requireColumns(of: table.format(of: InputFile(file))))
    let hasShares =
      [labels.candidates, labels.evidence, labels.logEvidence].contains { $0 != nil }
      || labels.probs != nil && labels.votesPerRow == nil
      || specification.labels.countWeight == .row
    guard !hasShares, [Categorical().name, Multinomial().name].contains(likelihood) else {
      throw UsageError(
        "--prior jeffreys needs known classes or votes",
        suggestion: "use --target or --counts for the labels, or --l2 LAMBDA instead")
    }
    guard features.multiplicity.weight == nil else {
      throw UsageError(
        "--prior jeffreys cannot be combined with importance weights, which have no information",
        suggestion: "for repeated rows use --frequency")
    }
  }

  /// The settings of a fit to these data.
  func fitRun(_ loaded: borrowing LoadedData, testing columns: [[String]]) -> FitRun {
    var run = FitRun()
    run.threads = threads.count
    run.clusters = loaded.clusters
    run.votes = loaded.votes
    run.labelsAreAdjusted = true
    run.memoryLimit = table.memoryBudget.bytes
    run.requiresCovariance = vcov != nil || augment != nil
    run.profiles = profile
    run.testedColumns = columns
    run.level = intervals.level
    return run
  }
}
