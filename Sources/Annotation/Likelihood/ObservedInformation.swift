import SurprisalLinearAlgebra

/// The observed information of the marginal likelihood of votes in log odds: that of votes with
/// known classes, minus the variance of their score given the votes (Louis,
/// doi:10.1111/j.2517-6161.1982.tb01203.x).
struct ObservedInformation {
  let likelihood: VoteLikelihood
  let point: VoteLikelihood.Parameters
  let posterior: [Double]
  let counts: [Double]
  let parameters: VoteParameters

  /// The information at a maximum, with the posteriors and expected votes there.
  init(
    likelihood: VoteLikelihood, point: VoteLikelihood.Parameters, posterior: [Double],
    counts: [Double]
  ) {
    self.init(
      likelihood: likelihood, point: point, posterior: posterior, counts: counts,
      parameters: VoteParameters(likelihood, at: point, counts: counts))
  }

  init(
    likelihood: VoteLikelihood, point: VoteLikelihood.Parameters, posterior: [Double],
    counts: [Double], parameters: VoteParameters
  ) {
    self.likelihood = likelihood
    self.point = point
    self.posterior = posterior
    self.counts = counts
    self.parameters = parameters
  }

  private var votes: Votes { likelihood.votes }
  private var classCount: Int { votes.classCount }

  /// The approximate number of multiplications for the whole matrix.
  var work: Int {
    var result = parameters.count.multipliedSaturating(by: parameters.count)
      .multipliedSaturating(by: 2 * parameters.count)
    let rowSize = likelihood.isOneCoin ? 1 : classCount * (classCount - 1)
    for item in 0..<votes.itemCount {
      let size = classCount + votes.voteCount(ofItem: item) * rowSize
      result = result.addingSaturating(size * size)
    }
    return result
  }

  /// The whole matrix.
  func matrix() -> SymmetricMatrix {
    var information = completeInformation()
    let tree = SummationTree(rowCount: votes.itemCount)
    let dimension = parameters.count
    information.add(
      likelihood.reducer.reduce(tree, from: SymmetricMatrix(dimension: dimension)) { sum, blocks in
        for block in blocks {
          for item in BlockedMatrix.rows(ofBlock: block, rowCount: votes.itemCount) {
            subtractVariance(ofItem: item, from: &sum)
          }
        }
      })
    return information
  }

  /// The information if the class of every item were known: blocks of distributions.
  private func completeInformation() -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: parameters.count)
    func add(_ places: [Int], _ shares: [Double], _ total: Double) {
      for (i, row) in places.enumerated() where row >= 0 {
        result[row, row] += total * shares[i]
        for (j, column) in places.enumerated() where column >= 0 && column <= row {
          result[row, column] -= total * shares[i] * shares[j]
        }
      }
    }
    add(parameters.prior, point.prior, Double(votes.votedItemCount))
    let size = classCount * classCount
    for start in stride(from: 0, to: point.table.count, by: size) {
      if likelihood.isOneCoin {
        let place = parameters.table[start]
        guard place >= 0 else { continue }
        let pseudo = likelihood.pseudoCounts
        let total =
          counts[start..<start + size].reduce(0, +) + pseudo.diagonal
          + pseudo.offDiagonal * Double(classCount - 1)
        result[place, place] += total * point.table[start] * (1 - point.table[start])
        continue
      }
      for k in 0..<classCount {
        let entries = (0..<classCount).map { start + $0 * classCount + k }
        let total = (0..<classCount).reduce(0) {
          $0 + counts[entries[$1]] + likelihood.pseudoCount(label: $1, class: k)
        }
        add(entries.map { parameters.table[$0] }, entries.map { point.table[$0] }, total)
      }
    }
    return result
  }

  // MARK: Variance of the score

  /// The score of an item if its class were k, for each k: positions and values.
  private typealias Score = [(place: Int, value: Double)]

  private func subtractVariance(ofItem item: Int, from sum: inout SymmetricMatrix) {
    let shares = posterior[item * classCount..<(item + 1) * classCount]
    if votes.range(ofItem: item).isEmpty || shares.contains(1) { return }
    var mean: [Int: Double] = [:]
    for (k, share) in shares.enumerated() where share > 0 {
      let score = score(ofItem: item, class: k)
      for (i, entry) in score.enumerated() {
        mean[entry.place, default: 0] += share * entry.value
        for other in score[...i] {
          sum[entry.place, other.place] -= share * entry.value * other.value
        }
      }
    }
    let entries = mean.sorted { $0.key < $1.key }
    for (i, entry) in entries.enumerated() {
      for other in entries[...i] { sum[entry.key, other.key] += entry.value * other.value }
    }
  }

  private func score(ofItem item: Int, class k: Int) -> Score {
    var result: [Int: Double] = [:]
    for (j, place) in parameters.prior.enumerated() where place >= 0 {
      result[place] = (j == k ? 1 : 0) - point.prior[j]
    }
    let size = classCount * classCount
    for vote in votes.range(ofItem: item) {
      let (cell, weight) = (Int(votes.cells[vote]), votes.weights?[vote] ?? 1)
      let (start, label) = (cell / classCount * size, cell % classCount)
      if likelihood.isOneCoin {
        let place = parameters.table[start]
        if place >= 0 {
          result[place, default: 0] += weight * ((label == k ? 1 : 0) - point.table[start])
        }
        continue
      }
      for other in 0..<classCount {
        let entry = start + other * classCount + k
        let place = parameters.table[entry]
        if place >= 0 {
          result[place, default: 0] += weight * ((other == label ? 1 : 0) - point.table[entry])
        }
      }
    }
    return result.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
