import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The classifier of one model: standardised features, parameters to logits, logits to means.
public struct ModelClassifier<M: Model>: Classifier {
  /// Parameters to logits.
  public let model: M
  /// The model's parameters, in the coordinates of standardised features, then the likelihood's.
  public let parameters: [Double]
  /// What turns logits into the predicted mean.
  public let likelihood: any Likelihood
  /// From columns of a table to the design matrix.
  public let encoding: FeatureEncoding
  /// From the design matrix to the model's coordinates.
  public let standardization: Standardization
  /// The C classes.
  public let classNames: [String]
  /// Whether the fit had offsets, which predictions then need too.
  public let usesOffsets: Bool

  /// A classifier of parts that fit together.
  public init(
    model: M, parameters: [Double], likelihood: any Likelihood, encoding: FeatureEncoding,
    standardization: Standardization, classNames: [String], usesOffsets: Bool
  ) {
    precondition(model.featureCount == encoding.columnCount)
    precondition(model.classCount == classNames.count)
    self.model = model
    self.parameters = parameters
    self.likelihood = likelihood
    self.encoding = encoding
    self.standardization = standardization
    self.classNames = classNames
    self.usesOffsets = usesOffsets
  }

  public var parameterCount: Int { parameters.count }

  public func probabilities(
    for features: Features, offsets: BlockedMatrix? = nil, threads: ThreadCount = .one
  ) throws(DatasetError) -> ClassProbabilities {
    ClassProbabilities(
      trusting: try predict(features, offsets, threads) { tile, examples in
        likelihood.predictMean(classCount: classNames.count, examples: examples, tile: &tile)
      })
  }

  public func logProbabilities(
    for features: Features, offsets: BlockedMatrix? = nil, threads: ThreadCount = .one
  ) throws(DatasetError) -> BlockedMatrix {
    let classCount = classNames.count
    return try predict(features, offsets, threads) { tile, examples in
      tile.replaceByLogMean(under: likelihood, classCount: classCount, examples: examples)
    }
  }

  public func logits(
    for features: Features, offsets: BlockedMatrix? = nil, threads: ThreadCount = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try predict(features, offsets, threads) { _, _ in }
  }

  private func predict(
    _ features: Features, _ offsets: BlockedMatrix?, _ threads: ThreadCount,
    _ finish: @Sendable (inout Tile, Int) -> Void
  ) throws(DatasetError) -> BlockedMatrix {
    var matrix = try features.coded(as: encoding).matrix
    // Compressed rows that are to be centred are written out block by block, not all at once.
    let isCentredLater =
      matrix.storageKind == .sparse && standardization.centers.contains { $0 != 0 }
    if !isCentredLater { standardization.apply(to: &matrix) }
    let standardized = matrix
    let ownCount = parameters.count - model.parameterCount
    let prepared = model.prepare(
      parameters, for: isCentredLater ? .double : standardized.storageKind)
    let tiles = threads.map(count: matrix.blockCount) { index in
      var block = standardized.block(index)
      if isCentredLater {
        var part = standardized.selecting(rows: Array(block.rows))
        standardization.apply(to: &part)
        block = part.block(0)
      }
      var tile = Tile(unitCount: classNames.count + ownCount, capacity: block.rows.count)
      var workspace = model.makeWorkspace()
      model.computeLogits(of: block, at: prepared, into: &tile, using: &workspace)
      if let offsets { tile.add(offsets, block: index) }
      tile.fill(classNames.count..<tile.unitCount) {
        parameters[model.parameterCount + $0 - classNames.count]
      }
      finish(&tile, block.rows.count)
      return tile
    }
    return BlockedMatrix(tiles: tiles, units: classNames.count, rowCount: matrix.rowCount)
  }
}
