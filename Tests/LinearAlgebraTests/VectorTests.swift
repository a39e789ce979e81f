import SurprisalLinearAlgebra
import Testing

@Suite struct VectorTests {
  @Test(arguments: [1e200, 1e-200, 1, 0x1p-1060, 1e308])
  func normsNeitherOverflowNorVanish(scale: Double) {
    let vector = [0.75 * scale, -scale, 0]
    let expected = 1.25 * scale
    #expect((vector.euclideanNorm / expected - 1).magnitude < 1e-13)
  }

  @Test func normsAtTheirEnds() {
    #expect([Double]().euclideanNorm == 0 && [0.0, -0.0].euclideanNorm == 0)
    #expect([1, .infinity].euclideanNorm == .infinity)
    #expect([1, .nan].euclideanNorm.isNaN && [1, .nan].infinityNorm.isNaN)
    #expect([1, -7, 3].infinityNorm == 7)
  }

  @Test func productsAndSums() {
    let a = (1...100).map(Double.init)
    #expect(a.dot(a) == 338_350)
    var b = a
    b.add(-0.5, times: a)
    #expect(b == a.map { $0 / 2 })
    b.scale(by: 2)
    #expect(b == a && b.isFinite && ![1, Double.nan].isFinite)
  }
}
