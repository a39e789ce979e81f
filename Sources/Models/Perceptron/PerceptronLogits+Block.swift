import SurprisalLinearAlgebra

/// The three products of one block of features, for one thread.
extension PerceptronLogits {
  public func computeLogits(
    of block: RowBlock, at parameters: Prepared, into tile: inout Tile,
    using workspace: inout PerceptronWorkspace
  ) {
    let stride = tile.stride
    tile.withUnsafeMutableUnits { logits in
      withPass(of: block, &workspace) { pass in
        parameters.withSource(of: block, for: self) { source in
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
  }

  public func pushForward(
    _ direction: Prepared, through block: RowBlock, at parameters: Prepared,
    into tile: inout Tile, using workspace: inout PerceptronWorkspace
  ) {
    let stride = tile.stride
    tile.withUnsafeMutableUnits { logits in
      withPass(of: block, &workspace) { pass in
        direction.withSource(of: block, for: self) { direction in
          parameters.withParameters { parameters in
            for index in hiddenLayers.indices {
              let target = pass.unit(pass.place(index).change)
              push(index, pass, direction, parameters, to: target, stride: pass.stride)
              if network.normalizesLayers {
                pass.pushForwardNormalization(
                  index, parameters: parameters, direction: direction.parameters)
              }
              for unit in 0..<layers[index].unitCount {
                pass.multiplyBySlope(pass.place(index), unit)
              }
            }
            push(layers.count - 1, pass, direction, parameters, to: logits, stride: stride)
          }
        }
      }
    }
  }

  public func pullBack(
    _ tile: Tile, through block: RowBlock, at parameters: Prepared, to sum: inout GradientSum,
    using workspace: inout PerceptronWorkspace
  ) {
    tile.withUnsafeUnits { scores in
      withPass(of: block, &workspace) { pass in
        parameters.withParameters { start in
          sum.withTarget(of: block, for: self) { target in
            pass.addGradient(
              ofLayer: layers.count - 1, units: 0..<classCount, scores: scores,
              stride: tile.stride, to: target)
            var (above, stride) = (scores, tile.stride)
            for index in hiddenLayers.indices.reversed() {
              pull(index, pass, start, parameters.transposed[index + 1], above, stride, target)
              (above, stride) = (UnsafePointer(pass.unit(pass.place(index).change)), pass.stride)
            }
          }
        }
      }
    }
  }

  /// Backward pass of one hidden layer: its changes from the scores above, then its gradient.
  private func pull(
    _ index: Int, _ pass: PerceptronPass, _ parameters: UnsafePointer<Double>,
    _ transposed: [Double], _ above: UnsafePointer<Double>, _ stride: Int,
    _ target: PerceptronPass.Target
  ) {
    let units = 0..<layers[index].unitCount
    transposed.withUnsafeBufferPointer { transposed in
      guard let transposed = transposed.baseAddress else { return }
      pass.setChanges(
        ofHidden: index, units: units, transposed: transposed, scores: above, stride: stride)
    }
    if network.normalizesLayers {
      pass.addNormalizationGradient(index, units: units, to: target.gradient)
      pass.pullBackNormalization(index, examples: 0..<pass.columns, parameters: parameters)
    }
    pass.addGradient(
      ofLayer: index, units: units, scores: pass.unit(pass.place(index).change),
      stride: pass.stride, to: target)
  }

  /// `target = dW a + db + W da`, with a and da of the layer below.
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

  private func withPass(
    of block: RowBlock, _ workspace: inout PerceptronWorkspace, _ body: (PerceptronPass) -> Void
  ) {
    let stride = workspace.tile.stride
    workspace.tile.withUnsafeMutableUnits { base in
      body(PerceptronPass(model: self, base: base, stride: stride, examples: block.rows.count))
    }
  }
}
