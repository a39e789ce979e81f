/// The distance of two numbers, relative to `max(|a|, |b|, floor)`; 0 for equal infinities and
/// infinite if only one is finite or one is NaN.
public func relativeDistance(_ a: Double, _ b: Double, floor: Double = 1e-300) -> Double {
  if a == b { return 0 }
  guard a.isFinite, b.isFinite else { return .infinity }
  return (a - b).magnitude / max(a.magnitude, b.magnitude, floor)
}

/// The largest distance between two vectors, relative to their largest magnitude or `floor`.
public func vectorDistance(_ a: [Double], _ b: [Double], floor: Double = 1e-300) -> Double {
  guard a.count == b.count else { return .infinity }
  let scale = (a + b).reduce(floor) { max($0, $1.magnitude) }
  var worst = 0.0
  for (a, b) in zip(a, b) where a != b {
    let distance = (a - b).magnitude / scale
    worst = distance.isNaN ? .infinity : max(worst, distance)
  }
  return worst
}
