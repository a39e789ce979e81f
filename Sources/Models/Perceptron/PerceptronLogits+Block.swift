import SurprisalLinearAlgebra

/// The three products of one block of features, for one thread.
extension PerceptronLogits {
  public func computeLogits(
    of block: RowBlock, parameters: [Double], into tile: inout Tile,
    using workspace: inout PerceptronWorkspace
  ) {
    precondition(parameters.count >= parameterCount)
    workspace.parameters = parameters
    let stride = tile.stride
    tile.withUnsafeMutableUnits { logits in
      withPass(of: block, parameters, &workspace) { pass, source in
        for index in hiddenLayers.indices {
          let units = 0..<layers[index].unitCount
          pass.setSums(ofHidden: index, units: units, from: source)
          if network.normalizesLayers {
            pass.normalize(index, examples: 0..<pass.columns, parameters: source.parameters)
          }
          pass.activate(index, units: units, dropout: nil)
        }
        pass.setSums(
          ofLayer: layers.count - 1, units: 0..<classCount, from: source, to: logits,
          stride: stride)
      }
    }
  }

  public func pushForward(
    _ direction: [Double], through block: RowBlock, into tile: inout Tile,
    using workspace: inout PerceptronWorkspace
  ) {
    precondition(direction.count >= parameterCount)
    let parameters = workspace.parameters
    let stride = tile.stride
    tile.withUnsafeMutableUnits { logits in
      withPass(of: block, direction, &workspace) { pass, source in
        parameters.withUnsafeBufferPointer { parameters in
          guard let parameters = parameters.baseAddress else { return }
          for index in hiddenLayers.indices {
            let target = pass.unit(pass.place(index).change)
            push(index, pass, source, parameters, to: target, stride: pass.stride)
            if network.normalizesLayers {
              pass.pushForwardNormalization(
                index, parameters: parameters, direction: source.parameters)
            }
            for unit in 0..<layers[index].unitCount {
              pass.multiplyBySlope(pass.place(index), unit)
            }
          }
          push(layers.count - 1, pass, source, parameters, to: logits, stride: stride)
        }
      }
    }
  }

  public func pullBack(
    _ tile: Tile, through block: RowBlock, to gradient: inout [Double],
    using workspace: inout PerceptronWorkspace
  ) {
    precondition(gradient.count >= parameterCount)
    workspace.transposed = transposedWeights(workspace.parameters)
    let transposed = workspace.transposed
    let parameters = workspace.parameters
    gradient.withUnsafeMutableBufferPointer { gradient in
      guard let gradient = gradient.baseAddress else { return }
      tile.withUnsafeUnits { scores in
        withPass(of: block, parameters, &workspace) { pass, source in
          let target = target(gradient, for: block)
          pass.addGradient(
            ofLayer: layers.count - 1, units: 0..<classCount, scores: scores,
            stride: tile.stride, to: target)
          var (above, stride) = (scores, tile.stride)
          for index in hiddenLayers.indices.reversed() {
            pull(index, pass, source, transposed[index + 1], above, stride, to: target)
            (above, stride) = (UnsafePointer(pass.unit(pass.place(index).change)), pass.stride)
          }
        }
      }
    }
  }

  /// One hidden layer backward: its changes from the scores above, then its gradient.
  private func pull(
    _ index: Int, _ pass: PerceptronPass, _ source: PerceptronPass.Source, _ transposed: [Double],
    _ above: UnsafePointer<Double>, _ stride: Int, to target: PerceptronPass.Target
  ) {
    let units = 0..<layers[index].unitCount
    transposed.withUnsafeBufferPointer { transposed in
      guard let transposed = transposed.baseAddress else { return }
      pass.setChanges(
        ofHidden: index, units: units, transposed: transposed, scores: above, stride: stride)
    }
    if network.normalizesLayers {
      pass.addNormalizationGradient(index, units: units, to: target.gradient)
      pass.pullBackNormalization(
        index, examples: 0..<pass.columns, parameters: source.parameters)
    }
    pass.addGradient(
      ofLayer: index, units: units, scores: pass.unit(pass.place(index).change),
      stride: pass.stride, to: target)
  }

  /// `target = dW a + db + W da`, with a and da those of the layer below.
  private func push(
    _ index: Int, _ pass: PerceptronPass, _ direction: PerceptronPass.Source,
    _ parameters: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>, stride: Int
  ) {
    let units = 0..<layers[index].unitCount
    pass.setSums(ofLayer: index, units: units, from: direction, to: target, stride: stride)
    guard index > 0 else { return }
    pass.addSums(
      ofChangesBelow: index, units: units, parameters: parameters, to: target, stride: stride)
  }

  /// The rows of each W as columns; the first layer's are not needed.
  func transposedWeights(_ parameters: [Double]) -> [[Double]] {
    layers.enumerated().map { index, layer in
      guard index > 0 else { return [] }
      var result = [Double](repeating: 0, count: layer.weights.count)
      for unit in 0..<layer.unitCount {
        let row = layer.weights.lowerBound + unit * layer.inputCount
        for input in 0..<layer.inputCount {
          result[input * layer.unitCount + unit] = parameters[row + input]
        }
      }
      return result
    }
  }

  private func target(
    _ gradient: UnsafeMutablePointer<Double>, for block: RowBlock
  ) -> PerceptronPass.Target {
    PerceptronPass.Target(
      input: .block(block), gradient: gradient,
      first: .init(start: gradient, unitStride: featureCount, columnStride: 1),
      skip: .init(start: gradient + skip.lowerBound, unitStride: featureCount, columnStride: 1))
  }

  private func withPass(
    of block: RowBlock, _ parameters: [Double], _ workspace: inout PerceptronWorkspace,
    _ body: (PerceptronPass, PerceptronPass.Source) -> Void
  ) {
    let stride = workspace.tile.stride
    workspace.tile.withUnsafeMutableUnits { base in
      parameters.withUnsafeBufferPointer { parameters in
        guard let parameters = parameters.baseAddress else { return }
        let pass = PerceptronPass(
          model: self, base: base, stride: stride, examples: block.rows.count)
        let source = PerceptronPass.Source(
          input: .block(block), parameters: parameters,
          first: .init(start: parameters, unitStride: featureCount, columnStride: 1),
          skip: .init(
            start: parameters + skip.lowerBound, unitStride: featureCount, columnStride: 1))
        body(pass, source)
      }
    }
  }
}
