import SurprisalLinearAlgebra
import Testing

@Suite struct ParallelTests {
  /// Results come in the order of their indices, whichever thread finishes first.
  @Test(arguments: [1, 2, 3, 16], [0, 1, 5, 40])
  func reducesInOrder(threads: Int, count: Int) {
    let found = ThreadCount(threads).reduce(count: count, into: [-1]) { index in
      // Early results take longest.
      (0..<(count - index) * 2000).reduce(index) { $0 &+ $1 &* 0 }
    } combining: {
      $0.append($1)
    }
    #expect(found == [-1] + Array(0..<count))
  }
}
