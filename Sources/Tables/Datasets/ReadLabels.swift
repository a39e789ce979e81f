import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// Label columns before they are checked as labels.
struct ReadLabels {
  /// The cells of the selected rows.
  enum Cells {
    case indices([Int])
    case matrix(BlockedMatrix)
    /// Uninformative labels, replaced by votes.
    case nothing(rowCount: Int)
  }

  private var cells: Cells
  /// The names of their columns.
  let columns: [String]
  let classNames: [String]
  let warnings: [DataWarning]
  /// The votes behind the shares of each row, if the cells are shares of votes.
  var votes: [Double]?
  /// The votes on each row.
  var cast: Votes?

  /// Cells before they are checked.
  init(cells: Cells, columns: [String], classNames: [String], warnings: [DataWarning]) {
    self.cells = cells
    self.columns = columns
    self.classNames = classNames
    self.warnings = warnings
  }

  /// Checked labels, and the row weights, multiplied by the number of votes if counts are used as
  /// weights. Consumes the cells, so that shares are divided by their sum in place.
  mutating func takeLabels(
    _ roles: ColumnRoles, weights: RowWeights
  ) throws -> (labels: Labels, weights: RowWeights) {
    let taken = cells
    cells = .indices([])
    switch consume taken {
    case .indices(let indices):
      return (.classes(try ClassIndices(indices, classCount: classNames.count)), weights)
    case .nothing(let rowCount):
      let logs = BlockedMatrix(rowCount: rowCount, columnCount: classNames.count)
      return (.evidence(try ClassEvidence(logarithms: logs)), weights)
    case .matrix(let matrix):
      switch roles.labels {
      case .counts:
        return try makeCounts(votes.map { try matrix.counts(of: $0) } ?? matrix, roles, weights)
      case .candidates: return (.candidates(try CandidateSets(matrix)), weights)
      case .evidence(_, let isLogarithm):
        let evidence =
          isLogarithm ? try ClassEvidence(logarithms: matrix) : try ClassEvidence(matrix)
        return (.evidence(evidence), weights)
      case .target, .probabilities, .votes:
        let probabilities =
          roles.normalizesLabels
          ? try ClassProbabilities(normalizing: consume matrix, tolerance: roles.sumTolerance)
          : try ClassProbabilities(consume matrix, tolerance: roles.sumTolerance)
        return (.probabilities(probabilities), weights)
      }
    }
  }

  private func makeCounts(
    _ matrix: BlockedMatrix, _ roles: ColumnRoles, _ weights: RowWeights
  ) throws -> (Labels, RowWeights) {
    if roles.countWeight == .row {
      return (.probabilities(try ClassProbabilities(normalizing: matrix)), weights)
    }
    do throws(LabelError) {
      return (.counts(try ClassCounts(matrix)), weights)
    } catch {
      guard case .fractional = error, roles.allowsFractionalCounts else { throw error }
      let shares = try ClassProbabilities(normalizing: matrix)
      let totals = (0..<matrix.rowCount).map { row in
        (0..<matrix.columnCount).reduce(0) { $0 + matrix[row, $1] } * weights[row]
      }
      return (.probabilities(shares), try .importance(checking: totals))
    }
  }
}

extension BlockedMatrix {
  /// The counts of which these are the shares. Throws `LabelError.fractional` for the first row
  /// without such counts, with the cell that is furthest from a whole number of votes.
  fileprivate func counts(of votes: [Double]) throws(LabelError) -> BlockedMatrix {
    var columns = [[Double]](repeating: [], count: columnCount)
    var wrong: [Int] = []
    for row in 0..<rowCount {
      let counts = VotesPerRow.counts(self.row(row), votes: votes[row])
      if counts == nil { wrong.append(row) }
      for column in 0..<columnCount { columns[column].append(counts?[column] ?? 0) }
    }
    guard let first = wrong.first else {
      return BlockedMatrix(columns: columns, rowCount: rowCount)
    }
    let products = row(first).map { $0 * votes[first] }
    let worst = products.indices.max {
      let (a, b) = (products[$0], products[$1])
      return (a - a.rounded()).magnitude < (b - b.rounded()).magnitude
    }
    throw .fractional(
      row: first, class: worst ?? 0, value: products[worst ?? 0], affected: wrong.count)
  }
}
