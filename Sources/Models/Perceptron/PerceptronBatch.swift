import SurprisalLinearAlgebra

/// Computes the gradient of a batch of arbitrary rows, with its own storage.
///
/// A batch is too small to be divided by rows, so threads divide the units of each layer. Each
/// entry of the gradient is computed by one thread, with examples in the order of the batch: the
/// same bits for any number of threads, and no partial sums.
public struct PerceptronBatch: Sendable {
  let model: PerceptronLogits
  let threads: any Reducer
  /// Activations and changes.
  var room: Tile
  /// The rows of the batch, one unit per example.
  var rows: Tile
  /// The weights that multiply the features, and their gradient, each unit padded to whole vectors;
  /// empty if D is a multiple of `Tile.lanes`, because the parameters themselves are then used.
  var padded: Tile
  var paddedGradient: Tile
  var transposed: [[Double]] = []

  /// Creates storage for batches of up to `BlockedMatrix.blockSize` rows.
  public init(model: PerceptronLogits, source: ExampleRows, threads: any Reducer) {
    self.model = model
    self.threads = threads
    let capacity = min(BlockedMatrix.blockSize, source.rowCount)
    room = Tile(unitCount: model.room.unitCount, capacity: capacity)
    var (gathered, width) = (capacity, model.featureCount)
    if case .sparse = source.storage { (gathered, width) = (0, 0) }
    rows = Tile(unitCount: gathered, capacity: width)
    let isPadded = width != Tile.padded(width)
    let units =
      isPadded ? model.layers[0].unitCount + (model.skip.isEmpty ? 0 : model.classCount) : 0
    padded = Tile(unitCount: units, capacity: width)
    paddedGradient = Tile(unitCount: units, capacity: width)
  }

  /// Adds Jᵀ s of some rows, at most `BlockedMatrix.blockSize`, to `gradient`.
  ///
  /// `scoring` receives a tile with the logits in units 0..<C and replaces them by scores s, zero
  /// in the padding; `tile` holds these afterwards.
  public mutating func addGradient(
    of indices: [Int], from source: ExampleRows, parameters: [Double], dropout: Dropout?, step: Int,
    tile: inout Tile, to gradient: inout [Double], scoring: (inout Tile) -> Void
  ) {
    precondition(parameters.count >= model.parameterCount && gradient.count >= model.parameterCount)
    precondition(indices.count <= room.capacity && indices.count <= tile.capacity)
    let matrix = gather(indices, from: source)
    transposed = model.transposedWeights(parameters)
    padWeights(parameters)
    let dropping = dropout?.step(step, rows: indices)
    // Moved out while threads write to it, so that it is not copied.
    var room = Tile(unitCount: 0, capacity: 0)
    swap(&room, &self.room)
    withPass(indices.count, matrix, parameters, &room) { pass, source in
      forward(pass, source, dropping, into: &tile)
    }
    scoring(&tile)
    var sums = Tile(unitCount: 0, capacity: 0)
    swap(&sums, &paddedGradient)
    sums.fill(0..<sums.unitCount) { _ in 0 }
    withPass(indices.count, matrix, parameters, &room) { pass, source in
      backward(pass, source, tile, &sums, to: &gradient)
    }
    addPadded(sums, to: &gradient)
    swap(&sums, &paddedGradient)
    swap(&room, &self.room)
  }

  /// Contiguous parts of `0..<count` that threads share.
  func parts(of count: Int, atLeast least: Int = 8) -> [Range<Int>] {
    let number = max(1, min(2 * threads.width, count / least))
    return (0..<number).map { $0 * count / number..<($0 + 1) * count / number }
  }

  // MARK: Rows and weights

  /// Copies rows into `rows`; for sparse rows returns a matrix.
  private mutating func gather(_ indices: [Int], from source: ExampleRows) -> BlockedMatrix? {
    switch source.storage {
    case .sparse(let matrix): return matrix.selecting(rows: indices)
    case .dense(let all):
      let parts = parts(of: indices.count)
      let (stride, threads) = (rows.stride, threads)
      rows.withUnsafeMutableUnits { start in
        let target = Units(start: start, stride: stride)
        _ = threads.map(count: parts.count) { part in
          all.withUnsafeUnits { from in
            for place in parts[part] {
              (target.start + place * stride).update(
                from: from + indices[place] * stride, count: stride)
            }
          }
        }
      }
      return nil
    }
  }

  private mutating func padWeights(_ parameters: [Double]) {
    guard padded.unitCount > 0 else { return }
    let (width, skip, first) = (model.featureCount, model.skip, model.layers[0].unitCount)
    let (stride, units) = (padded.stride, padded.unitCount)
    padded.withUnsafeMutableUnits { target in
      parameters.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return }
        for unit in 0..<units {
          let from = unit < first ? unit * width : skip.lowerBound + (unit - first) * width
          (target + unit * stride).update(from: source + from, count: width)
        }
      }
    }
  }

  private func withPass(
    _ count: Int, _ matrix: BlockedMatrix?, _ parameters: [Double], _ room: inout Tile,
    _ body: (PerceptronPass, PerceptronPass.Source) -> Void
  ) {
    let stride = room.stride
    room.withUnsafeMutableUnits { base in
      rows.withUnsafeUnits { rowStart in
        padded.withUnsafeUnits { paddedStart in
          parameters.withUnsafeBufferPointer { parameters in
            guard let parameters = parameters.baseAddress else { return }
            let pass = PerceptronPass(model: model, base: base, stride: stride, examples: count)
            let input: PerceptronInput =
              matrix.map { .block($0.block(0)) } ?? .rows(rowStart, stride: rows.stride)
            let width = model.featureCount
            let isPadded = padded.unitCount > 0
            let first = isPadded ? paddedStart : parameters
            let skip =
              isPadded
              ? paddedStart + model.layers[0].unitCount * padded.stride
              : parameters + model.skip.lowerBound
            let unitStride = isPadded ? padded.stride : width
            let source = PerceptronPass.Source(
              input: input, parameters: parameters,
              first: .init(start: first, unitStride: unitStride, columnStride: 1),
              skip: .init(start: skip, unitStride: unitStride, columnStride: 1))
            body(pass, source)
          }
        }
      }
    }
  }

  /// Units of a tile; each thread writes to its own units.
  struct Units: @unchecked Sendable {
    let start: UnsafeMutablePointer<Double>
    let stride: Int
  }

  // MARK: Forward

  private func forward(
    _ pass: PerceptronPass, _ source: PerceptronPass.Source, _ dropout: Dropout.Step?,
    into tile: inout Tile
  ) {
    let isNormalized = model.network.normalizesLayers
    for index in model.hiddenLayers.indices {
      let units = parts(of: model.layers[index].unitCount)
      _ = threads.map(count: units.count) { part in
        pass.setSums(ofHidden: index, units: units[part], from: source)
        if !isNormalized { pass.activate(index, units: units[part], dropout: dropout) }
      }
      guard isNormalized else { continue }
      let examples = parts(of: pass.columns)
      _ = threads.map(count: examples.count) { part in
        pass.normalize(index, examples: examples[part], parameters: source.parameters)
      }
      _ = threads.map(count: units.count) { part in
        pass.activate(index, units: units[part], dropout: dropout)
      }
    }
    let stride = tile.stride
    let classes = parts(of: model.classCount, atLeast: 32)
    tile.withUnsafeMutableUnits { start in
      let target = Units(start: start, stride: stride)
      _ = threads.map(count: classes.count) { part in
        let units = classes[part]
        pass.setSums(
          ofLayer: model.layers.count - 1, units: units, from: source,
          to: target.start + units.lowerBound * stride, stride: stride)
      }
    }
  }

  // MARK: Backward

  private func backward(
    _ pass: PerceptronPass, _ source: PerceptronPass.Source, _ tile: Tile, _ sums: inout Tile,
    to gradient: inout [Double]
  ) {
    let last = model.layers.count - 1
    let parts = model.layers.enumerated().map { index, layer in
      self.parts(of: layer.unitCount, atLeast: index == last ? 32 : 8)
    }
    let isPadded = sums.unitCount > 0
    let (width, first, sumStride) = (model.featureCount, model.layers[0].unitCount, sums.stride)
    let skip = model.skip.lowerBound
    gradient.withUnsafeMutableBufferPointer { gradient in
      guard let gradient = gradient.baseAddress else { return }
      sums.withUnsafeMutableUnits { sums in
        let stride = isPadded ? sumStride : width
        let target = PerceptronPass.Target(
          input: source.input, gradient: gradient,
          first: .init(start: isPadded ? sums : gradient, unitStride: stride, columnStride: 1),
          skip: .init(
            start: isPadded ? sums + first * sumStride : gradient + skip, unitStride: stride,
            columnStride: 1))
        tile.withUnsafeUnits { scores in
          PerceptronDescent(
            pass: pass, source: source, target: target, transposed: transposed, parts: parts,
            threads: threads, scores: scores, scoreStride: tile.stride
          ).run()
        }
      }
    }
  }

  private func addPadded(_ sums: Tile, to gradient: inout [Double]) {
    let (width, first) = (model.featureCount, model.layers[0].unitCount)
    let (skip, units, stride) = (model.skip.lowerBound, sums.unitCount, sums.stride)
    gradient.withUnsafeMutableBufferPointer { gradient in
      sums.withUnsafeUnits { source in
        guard let gradient = gradient.baseAddress else { return }
        for unit in 0..<units {
          let target = gradient + (unit < first ? unit * width : skip + (unit - first) * width)
          let sum = source + unit * stride
          for column in 0..<width { target[column] += sum[column] }
        }
      }
    }
  }
}
