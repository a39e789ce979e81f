import SurprisalTables

extension MemoryRemedy {
  /// The remedy as text, with its flag.
  var sentence: String {
    switch self {
    case .singlePrecision(let needed, let fits):
      "with --float32 it needs " + Self.words(needed, fits)
    case .rows(let count, let all): "\(count) of its \(all) rows fit"
    case .featureColumns(let count, let all):
      "\(count) of its \(all) feature columns fit (--features, --ignore)"
    case .data(let bytes): "features and labels take \(byteText(bytes))"
    case .matrices(let bytes, let count):
      "\(count) parameters: the matrices of the fit take " + byteText(bytes)
    case .noStandardErrors(let needed, let fits):
      "with --std-errors none it needs " + Self.words(needed, fits)
    case .lbfgs(let needed, let fits):
      "with --solver lbfgs and a prior (--l2) it needs " + Self.words(needed, fits)
    case .halvedFeatures: "--float32 halves the features"
    case .oneFitAtATime(let count, let needed, let fits):
      "\(count) fits run at a time: with -j 1 it needs " + Self.words(needed, fits)
    }
  }

  private static func words(_ needed: Int, _ fits: Bool) -> String {
    byteText(needed) + (fits ? ", which fits" : "")
  }
}

/// A number of bytes with a decimal unit: `1.6 GB`.
public func byteText(_ count: Int) -> String {
  var (whole, tenth) = (count, 0)
  for unit in ["bytes", "kB", "MB", "GB", "TB", "PB"] {
    if whole < 1000 || unit == "PB" {
      return unit == "bytes" ? "\(whole) bytes" : "\(whole).\(tenth) \(unit)"
    }
    tenth = whole / 100 % 10
    whole /= 1000
  }
  return "\(count) bytes"
}
