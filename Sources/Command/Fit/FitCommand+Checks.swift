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
          suggestion: "leave it out, and compare what predict says of changed rows")
      }
      try NetworkRules(options: network, model: estimator, specification: specification).check()
      if keepPartial {
        throw UsageError(
          "--keep-partial has no effect for a network",
          suggestion: "use --checkpoint FILE, from which training can be resumed")
      }
    } else if let name = network.given {
      throw UsageError(
        "\(name) is an option of networks", suggestion: "add --model mlp, or leave it out")
    }
    do throws(SpecificationError) {
      try specification.validate()
    } catch {
      throw UsageError(error)
    }
  }

  /// Requires classes or votes: Jeffreys' prior is a function of their information.
  func requireClassesOrVotes(_ specification: Specification) throws {
    guard specification.prior.density == .jeffreys else { return }
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
}
