import SurprisalAnnotation
import SurprisalTables

extension AggregationWarning {
  /// The warning as text.
  public var text: WarningText { WarningText(code: code, message: message) }

  private var code: String {
    switch self {
    case .notConverged: "votes.notconverged"
    case .switched: "votes.switched"
    case .otherMaximum: "votes.optima"
    case .fewVotes: "votes.few"
    case .unvoted: "votes.unvoted"
    case .withoutVotes: "votes.missing"
    case .ties: "votes.ties"
    case .repeated: "votes.repeated"
    case .alike: "votes.alike"
    case .smallestConcentration: "votes.concentration"
    }
  }

  private var message: String {
    switch self {
    case .notConverged(let gradient):
      "the maximum was not reached: a count is still off by \(gradient) votes"
    case .switched(let names):
      "\(names.count == 1 ? "class" : "classes") \(listing(names)) got more votes for another "
        + "label than for \(names.count == 1 ? "its" : "their") own: class names may be exchanged"
    case .otherMaximum:
      "the likelihood has several maxima: the highest is not the one nearest to the vote "
        + "proportions"
    case .fewVotes(let most):
      "no item has more than \(most) \(most == 1 ? "vote" : "votes"): very different annotators "
        + "explain such votes equally well; three votes per item are needed"
    case .unvoted(let names):
      "\(names.count == 1 ? "class" : "classes") \(listing(names)) got no votes"
    case .withoutVotes(let items):
      "\(items) \(items == 1 ? "item has" : "items have") no vote: "
        + "\(items == 1 ? "its label is" : "their labels are") the prior of the classes"
    case .ties(let items):
      "\(items) \(items == 1 ? "item has" : "items have") a tie for the most votes; "
        + "\(items == 1 ? "its label is" : "their labels are") divided between the tied classes"
    case .repeated(let votes):
      "\(votes) \(votes == 1 ? "vote is" : "votes are") by an annotator who had voted on the item "
        + "before; each counts"
    case .alike(let isDetermined):
      isDetermined
        ? "annotators differ no more than by chance: all have the common confusion matrix, as with "
          + "--method pooled"
        : "no annotator has two votes on items of a class, so the votes do not tell annotators "
          + "apart: all have the common confusion matrix, as with --method pooled"
    case .smallestConcentration(let least):
      "the concentration ends at \(plain(least)), the smallest that is considered: each annotator "
        + "has one vote for all items of a class"
    }
  }
}

extension VoteReader.Truth {
  /// The warning about items without votes; nil if there are none.
  public var notice: WarningText? {
    if otherItems.isEmpty { return nil }
    return WarningText(
      code: "votes.items",
      message: "\(otherItems.count) \(otherItems.count == 1 ? "item" : "items") with a true class "
        + "\(otherItems.count == 1 ? "has" : "have") no votes: \(listing(otherItems))")
  }
}
