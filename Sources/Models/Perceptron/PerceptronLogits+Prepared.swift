import SurprisalLinearAlgebra

/// Parameters and sums in the order used by the products: only weights that multiply sparse
/// features have an order of their own.
extension PerceptronLogits {
  /// Parameters or a direction.
  public struct Prepared: Sendable {
    let parameters: [Double]
    /// The weights of each layer above the first, one row per input.
    let transposed: [[Double]]
    /// The weights of the first layer and of the skip for sparse features; nil for dense ones.
    let first: ArrangedWeights?
    let skip: ArrangedWeights?
  }

  public func prepare(_ parameters: [Double], for storage: MatrixStorage) -> Prepared {
    precondition(parameters.count >= parameterCount)
    func arranged(_ offset: Int, _ units: Int) -> ArrangedWeights? {
      guard storage == .sparse else { return nil }
      return ArrangedWeights(
        parameters, from: offset, unitCount: units, columnCount: featureCount, for: storage)
    }
    return Prepared(
      parameters: parameters, transposed: transposedWeights(parameters),
      first: arranged(0, layers[0].unitCount),
      skip: skip.isEmpty ? nil : arranged(skip.lowerBound, classCount))
  }

  /// The transpose of each W; that of the first layer is not needed.
  func transposedWeights(_ parameters: [Double]) -> [[Double]] {
    layers.enumerated().map { index, layer in
      guard index > 0 else { return [] }
      let (units, inputs) = (layer.unitCount, layer.inputCount)
      return [Double](unsafeUninitializedCapacity: units * inputs) { target, count in
        parameters.withUnsafeBufferPointer { source in
          for input in 0..<inputs {
            for unit in 0..<units {
              target.initializeElement(
                at: input * units + unit,
                to: source[layer.weights.lowerBound + unit * inputs + input])
            }
          }
        }
        count = units * inputs
      }
    }
  }

  /// A sum of gradients.
  public struct GradientSum: ParameterSum {
    /// All parameters.
    var gradient: [Double]
    /// The entries for weights that multiply sparse features, which `gradient` then lacks.
    var first: ArrangedWeights?
    var skip: ArrangedWeights?
    let skipStart: Int

    public mutating func add(_ other: GradientSum) {
      gradient.add(other.gradient)
      if let part = other.first { first?.add(part) }
      if let part = other.skip { skip?.add(part) }
    }

    public func appendNumbers(to numbers: inout [Double]) {
      gradient.appendNumbers(to: &numbers)
      first?.appendNumbers(to: &numbers)
      skip?.appendNumbers(to: &numbers)
    }

    public mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
      gradient.takeNumbers(from: &numbers)
      first?.takeNumbers(from: &numbers)
      skip?.takeNumbers(from: &numbers)
    }

    public func add(_ factor: Double, to vector: inout [Double]) {
      precondition(vector.count >= gradient.count)
      for (index, value) in gradient.enumerated() { vector[index] += factor * value }
      first?.add(factor, to: &vector)
      skip?.add(factor, to: &vector, from: skipStart)
    }
  }

  public func makeGradientSum(for storage: MatrixStorage) -> GradientSum {
    func arranged(_ units: Int) -> ArrangedWeights? {
      guard storage == .sparse else { return nil }
      return ArrangedWeights(unitCount: units, columnCount: featureCount, for: storage)
    }
    return GradientSum(
      gradient: [Double](repeating: 0, count: parameterCount),
      first: arranged(layers[0].unitCount), skip: skip.isEmpty ? nil : arranged(classCount),
      skipStart: skip.lowerBound)
  }
}

extension PerceptronLogits.Prepared {
  func withParameters(_ body: (UnsafePointer<Double>) -> Void) {
    parameters.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      body(start)
    }
  }

  func withSource(
    of block: RowBlock, for model: PerceptronLogits, _ body: (PerceptronPass.Source) -> Void
  ) {
    withParameters { start in
      let stride = model.featureCount
      var first = PerceptronInput.Weights(start: start, unitStride: stride, columnStride: 1)
      var skip = PerceptronInput.Weights(
        start: start + model.skip.lowerBound, unitStride: stride, columnStride: 1)
      // The weights live as long as `self`, so pointers to them may leave these closures.
      self.first?.withUnsafeWeights {
        first = .init(start: $0, unitStride: $1, columnStride: $2)
      }
      self.skip?.withUnsafeWeights { skip = .init(start: $0, unitStride: $1, columnStride: $2) }
      withExtendedLifetime(self) {
        body(
          PerceptronPass.Source(
            input: .block(block), parameters: start, first: first, skip: skip))
      }
    }
  }
}

extension PerceptronLogits.GradientSum {
  mutating func withTarget(
    of block: RowBlock, for model: PerceptronLogits, _ body: (PerceptronPass.Target) -> Void
  ) {
    var (arrangedFirst, arrangedSkip): (ArrangedWeights?, ArrangedWeights?) = (nil, nil)
    swap(&arrangedFirst, &first)
    swap(&arrangedSkip, &skip)
    gradient.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      let stride = model.featureCount
      var first = PerceptronInput.Weights(start: start, unitStride: stride, columnStride: 1)
      var skip = PerceptronInput.Weights(
        start: start + model.skip.lowerBound, unitStride: stride, columnStride: 1)
      arrangedFirst?.withUnsafeMutableWeights {
        first = .init(start: $0, unitStride: $1, columnStride: $2)
      }
      arrangedSkip?.withUnsafeMutableWeights {
        skip = .init(start: $0, unitStride: $1, columnStride: $2)
      }
      body(
        PerceptronPass.Target(input: .block(block), gradient: start, first: first, skip: skip))
    }
    swap(&arrangedFirst, &first)
    swap(&arrangedSkip, &skip)
  }
}
