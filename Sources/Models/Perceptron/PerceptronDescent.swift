import SurprisalLinearAlgebra

/// The backward pass through the layers for one batch; threads share each phase.
///
/// Unchecked: threads write to different units.
struct PerceptronDescent: @unchecked Sendable {
  let pass: PerceptronPass
  let source: PerceptronPass.Source
  let target: PerceptronPass.Target
  let transposed: [[Double]]
  /// How the units of each layer are divided.
  let parts: [[Range<Int>]]
  let threads: any Reducer
  /// The scores of the logits.
  let scores: UnsafePointer<Double>
  let scoreStride: Int

  private var isNormalized: Bool { pass.model.network.normalizesLayers }
  private var last: Int { pass.model.layers.count - 1 }

  func run() {
    guard last > 0 else {
      _ = threads.map(count: parts[0].count) { addGradient(0, $0) }
      return
    }
    for index in (0..<last).reversed() {
      // The gradient of the layer above and the changes of this one use the same scores.
      let above = parts[index + 1].count
      _ = threads.map(count: parts[index].count + above) { task in
        if task < above { addGradient(index + 1, task) } else { setChanges(index, task - above) }
      }
      guard isNormalized else { continue }
      let columns = pass.columns / Tile.lanes
      let number = max(1, min(2 * threads.width, columns))
      _ = threads.map(count: number) { part in
        let examples = part * columns / number..<(part + 1) * columns / number
        pass.pullBackNormalization(
          index,
          examples: examples.lowerBound * Tile.lanes..<examples.upperBound * Tile.lanes,
          parameters: source.parameters)
      }
    }
    guard isNormalized else { return }
    _ = threads.map(count: parts[0].count) { addGradient(0, $0) }
  }

  private func setChanges(_ index: Int, _ part: Int) {
    let units = parts[index][part]
    let (above, stride) = scores(of: index + 1)
    transposed[index + 1].withUnsafeBufferPointer { transposed in
      guard let transposed = transposed.baseAddress else { return }
      pass.setChanges(
        ofHidden: index, units: units, transposed: transposed, scores: above, stride: stride)
    }
    if isNormalized {
      pass.addNormalizationGradient(index, units: units, to: target.gradient)
    } else if index == 0 {
      addGradient(0, part)
    }
  }

  private func addGradient(_ index: Int, _ part: Int) {
    let units = parts[index][part]
    let (start, stride) = scores(of: index)
    pass.addGradient(
      ofLayer: index, units: units, scores: start + units.lowerBound * stride, stride: stride,
      to: target)
  }

  /// The scores of the sums of a layer.
  private func scores(of index: Int) -> (UnsafePointer<Double>, Int) {
    index == last
      ? (scores, scoreStride) : (UnsafePointer(pass.unit(pass.place(index).change)), pass.stride)
  }
}
