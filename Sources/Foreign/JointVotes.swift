import SurprisalAnnotation
import SurprisalDatasets
import SurprisalFitting
import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalProbability

extension UnsafePointer<surprisal_data> {
  /// The votes on the rows; nil if there are none, or if the caller's structure ends before them.
  private var givenVotes: surprisal_votes? {
    pointee.size < MemoryLayout<surprisal_data>.size ? nil : pointee.votes?.pointee
  }

  /// The rows of a fit, with their labels or votes; clusters and votes become part of `run`.
  ///
  /// Throws for labels beside votes, and for pseudo-counts without votes.
  func dataset(
    _ features: surprisal_features, _ specification: Specification, in run: inout FitRun
  ) throws -> Dataset {
    guard let votes = try givenVotes?.votes() else {
      guard specification.pseudoCounts == nil else {
        throw CallError.argument("pseudo_counts are for fits to votes")
      }
      let data = try pointee.dataset(features.learned(threads: run.threads))
      run.clusters = try pointee.rowClusters(rows: data.rowCount)
      return data
    }
    guard pointee.labels == nil else {
      throw CallError.argument("the labels of a fit to votes are the votes: labels must be NULL")
    }
    let features = try features.learned(votes: votes, threads: run.threads)
    let rows = votes.votedRows
    run.clusters = try pointee.rowClusters(rows: votes.itemCount)?.selecting(rows: rows)
    run.votes = rows.map { votes.selecting(items: $0) } ?? votes
    return try pointee.dataset(features, rows, votes)
  }
}

extension surprisal_data {
  /// The rows with votes, whose labels say nothing. `features` are those of these rows.
  fileprivate func dataset(
    _ features: Features, _ rows: [Int]?, _ votes: Votes
  ) throws -> Dataset {
    let weights = try rowWeights(rows: votes.itemCount)
    let offsets = try offsets.map {
      try $0.pointee.offsets(rows: votes.itemCount, classes: votes.classCount)
    }
    let nothing = try ClassEvidence(
      logarithms: BlockedMatrix(rowCount: features.rowCount, columnCount: votes.classCount))
    return try Dataset(
      features: features, labels: .evidence(nothing), classNames: votes.classNames,
      weights: rows.map { weights.selecting(rows: $0) } ?? weights,
      offsets: rows.flatMap { offsets?.selecting(rows: $0) } ?? offsets)
  }
}

extension Votes {
  /// The items with votes, ascending; nil if all items have some.
  var votedRows: [Int]? {
    let rows = (0..<itemCount).filter { voteCount(ofItem: $0) > 0 }
    return rows.count == itemCount ? nil : rows
  }
}
