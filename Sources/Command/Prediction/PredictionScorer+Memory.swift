import Surprisal

#if canImport(Glibc)
  import Glibc
#endif

/// How predictions are held while they are compared with labels.
enum PredictionStorage {
  /// As a matrix, N x C.
  case matrix
  /// Computed block by block; for measures that sort the rows by class, some classes are held.
  case blocks(heldClasses: Int)
}

extension PredictionScorer {
  /// The bytes per row for a comparison of predictions with labels, besides both; each thread sorts
  /// the rows by a class.
  private var rowBytes: Int { 480 + 40 * threads.value }
  /// Those that remain allocated.
  private static let keptRowBytes = 100
  /// The bytes per class for the bins of its reliability diagrams, with those of the null and the
  /// uniform predictions.
  private static let classBytes = 20_000

  /// Counts predictions that stay in memory while others are scored.
  mutating func hold(_ scored: Scored) {
    let rows = scored.evaluation.rowCount
    let predicted: Int
    switch scored.predictions {
    case .probabilities, .logarithms: predicted = rows * scored.classNames.count * 8
    case .computed: predicted = scored.loaded.featureBytes
    }
    held += predicted + rows * Self.keptRowBytes
  }

  /// Throws `limit.memory` before predictions of a file are compared with labels if they do not
  /// fit; `copies` of them exist at one time.
  func requireMemory(_ loaded: LoadedData, copies: Int) throws(FileError) {
    let data = loaded.dataset
    try rows.table.requirePredictions(
      of: data.rowCount, classes: data.classCount,
      copies: copies + Self.labelCopies(data.labels), rowBytes: rowBytes,
      beside: beside(loaded))
  }

  /// A matrix if it fits, `copies` of it at one time; otherwise blocks. Throws `limit.memory` if
  /// these do not fit either.
  func storage(_ loaded: LoadedData, copies: Int) throws(FileError) -> PredictionStorage {
    do throws(FileError) {
      try requireMemory(loaded, copies: copies)
      return .matrix
    } catch {
      let data = loaded.dataset
      let classes = data.classCount
      let block = BlockedMatrix.blockSize.multipliedSaturating(by: classes)
        .multipliedSaturating(by: 8 * 6 * threads.value)
      let fixed = beside(loaded).addingSaturating(block)
        .addingSaturating(
          classes.multipliedSaturating(by: classes.addingSaturating(Self.classBytes)))
      // The predictions of a class: in the matrix of those held, and by themselves.
      let column = data.rowCount.multipliedSaturating(by: 16)
      try rows.table.requirePredictions(
        of: data.rowCount, classes: classes, copies: Self.labelCopies(data.labels),
        rowBytes: rowBytes + 16, beside: fixed)
      let used = data.rowCount.multipliedSaturating(
        by: rowBytes + 8 * Self.labelCopies(data.labels) * classes
      ).addingSaturating(fixed)
      Self.returnLargeArrays()
      return .blocks(
        heldClasses: min(classes, (rows.table.memoryBudget.bytes - used) / max(1, column)))
    }
  }

  /// Makes the allocator of glibc return every array of a megabyte when it is released: kept for
  /// reuse, those of the blocks would be scattered over several times the memory in use.
  private static func returnLargeArrays() {
    #if canImport(Glibc)
      // The header of mallopt is not part of the module: M_MMAP_THRESHOLD is -3 in it.
      typealias Option = @convention(c) (Int32, Int32) -> Int32
      guard let symbol = dlsym(nil, "mallopt") else { return }
      _ = unsafeBitCast(symbol, to: Option.self)(-3, 1 << 20)
    #endif
  }

  /// Labels that are not classes are also held as pairs of a class and its weight.
  private static func labelCopies(_ labels: Labels) -> Int { labels.kind == .classes ? 0 : 3 }

  /// Other predictions, and features as read and as used, though not all at one time.
  private func beside(_ loaded: LoadedData) -> Int {
    held.addingSaturating(loaded.featureBytes / 4 * 7)
  }
}
