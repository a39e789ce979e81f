import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The classifier of one model: standardises features, computes logits, and maps them to means.
public struct ModelClassifier<M: Model>: EncodedClassifier {
  /// The map from parameters to logits.
  public let model: M
  /// The model's parameters, in the coordinates of standardised features, then those of the
  /// likelihood.
  public let parameters: [Double]
  /// The likelihood, which maps logits to the predicted mean.
  public let likelihood: any Likelihood
  /// The map from columns of a table to the design matrix.
  public let encoding: FeatureEncoding
  /// The map from the design matrix to the model's coordinates.
  public let standardization: Standardization
  /// The C classes.
  public let classNames: [String]
  /// Whether the fit had offsets, which predictions then need too.
  public let usesOffsets: Bool

  /// Creates a classifier from consistent parts.
  package init(
    model: M, parameters: [Double], likelihood: any Likelihood, encoding: FeatureEncoding,
    standardization: Standardization, classNames: [String], usesOffsets: Bool
  ) {
    precondition(model.featureCount == encoding.columnCount, "the features of the encoding")
    precondition(model.classCount == classNames.count, "one name per class")
    self.model = model
    self.parameters = parameters
    self.likelihood = likelihood
    self.encoding = encoding
    self.standardization = standardization
    self.classNames = classNames
    self.usesOffsets = usesOffsets
  }

  public var parameterCount: Int { parameters.count }

  public func predict(
    _ form: PredictionForm, from design: BlockedMatrix, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    try require(design, offsets)
    var matrix = design
    // Compressed rows that are to be centred are expanded block by block, not all at once.
    let isCentredLater =
      matrix.storageKind == .sparse && standardization.centers.contains { $0 != 0 }
    if !isCentredLater { standardization.apply(to: &matrix) }
    let standardized = matrix
    let prepared = model.prepare(
      parameters, for: isCentredLater ? .double : standardized.storageKind)
    let tiles = threads.map(count: matrix.blockCount) { index in
      var block = standardized.block(index)
      if isCentredLater {
        var part = standardized.selecting(rows: Array(block.rows))
        standardization.apply(to: &part)
        block = part.block(0)
      }
      var tile = makeTile(for: block)
      var workspace = model.makeWorkspace()
      model.computeLogits(of: block, at: prepared, into: &tile, using: &workspace)
      finish(&tile, form, offsets, block: index, examples: block.rows.count)
      return tile
    }
    return BlockedMatrix(tiles: tiles, units: classNames.count, rowCount: matrix.rowCount)
  }

  /// A tile for the units of a block: logits, then the auxiliary parameters.
  func makeTile(for block: RowBlock) -> Tile {
    Tile(
      unitCount: classNames.count + parameters.count - model.parameterCount,
      capacity: block.rows.count)
  }

  /// Converts logits to the requested form.
  func finish(
    _ tile: inout Tile, _ form: PredictionForm, _ offsets: BlockedMatrix?, block index: Int,
    examples: Int
  ) {
    let classCount = classNames.count
    if let offsets { tile.add(offsets, block: index) }
    tile.fill(classCount..<tile.unitCount) { parameters[model.parameterCount + $0 - classCount] }
    switch form {
    case .logits: break
    case .probabilities:
      likelihood.predictMean(classCount: classCount, examples: examples, tile: &tile)
    case .logProbabilities:
      tile.replaceByLogMean(under: likelihood, classCount: classCount, examples: examples)
    }
  }
}
