import SurprisalAnnotation
import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalFitting
import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalProbability
import SurprisalTables

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

/// Takes votes on rows into account in the predictions of a model that was fitted to votes.
@c(surprisal_add_votes)
public func surprisalAddVotes(
  _ handle: OpaquePointer?, _ votes: UnsafePointer<surprisal_votes>?,
  _ probabilities: UnsafeMutablePointer<Double>?, _ rows: Int64, _ classes: Int64,
  _ impossible: UnsafeMutablePointer<Int64>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let votes, let probabilities else {
      throw CallError.argument("votes or probabilities is NULL")
    }
    let saved = try model(handle)
    guard let record = saved.record.votes else {
      throw CallError.argument("the model knows no annotators: it was not fitted to votes")
    }
    let cast = try votes.pointee.votes()
    let names = saved.classifier.classNames
    guard classes == names.count, rows == cast.itemCount else {
      throw CallError.argument(
        "probabilities: \(rows) x \(classes), expected \(cast.itemCount) x \(names.count)")
    }
    let known = try KnownVotes(cast, of: record, classNames: names)
    var count: Int64 = 0
    for row in 0..<cast.itemCount where cast.voteCount(ofItem: row) > 0 {
      let place = UnsafeMutableBufferPointer(
        start: probabilities + row * names.count, count: names.count)
      do {
        if let posterior = try record.posterior(of: Array(place), given: known.votes(on: row)) {
          _ = place.update(from: posterior)
        } else {
          count += 1
        }
      } catch let error as VoteError {
        throw VoteTableError.votes(error, file: "the arrays")
      }
    }
    impossible?.pointee = count
  }
}

/// Votes by the positions of annotators and classes in a model.
private struct KnownVotes {
  let cast: Votes
  /// nil for annotators that the model does not know.
  let annotators: [Int?]
  let classes: [Int]

  init(_ cast: Votes, of record: VoteRecord, classNames: [String]) throws(CallError) {
    self.cast = cast
    annotators = cast.annotatorNames.map { record.index(ofAnnotator: $0) }
    var places: [Int] = []
    for name in cast.classNames {
      guard let place = classNames.firstIndex(of: name) else {
        throw .argument("the model has no class \(EscapedText(name))")
      }
      places.append(place)
    }
    classes = places
  }

  func votes(on row: Int) -> [VoteRecord.Vote] {
    cast.cells(ofItem: row).compactMap { cell, weight in
      annotators[cell / classes.count].map { ($0, classes[cell % classes.count], weight) }
    }
  }
}
