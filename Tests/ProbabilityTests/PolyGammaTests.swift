import SurprisalProbability
import TestSupport
import Testing

@Suite struct PolyGammaTests {
  @Test func valuesAreThoseOfFiftyDigits() throws {
    for row in try ReferenceValue(ofTests: "polygamma.json")["rows"].array {
      let x = row["x"].number
      func check(_ found: Double, _ field: String, floor: Double = 1e-300) {
        let distance = relativeDistance(found, row[field].number, floor: floor)
        #expect(distance < 1e-14, "\(field) at \(row)")
      }
      check(PolyGamma.digamma(x), "digamma", floor: 0.1)
      check(PolyGamma.trigamma(x), "trigamma")
      check(PolyGamma.scaledDeficit(x), "scaled_deficit")
      check(PolyGamma.scaledExcess(x), "scaled_excess")
      check(PolyGamma.stirlingRemainder(x), "stirling_remainder", floor: x < 10 ? 1 : 1e-300)
    }
  }

  @Test func limitsAreThoseOfTheFunctions() {
    #expect(PolyGamma.digamma(0) == -.infinity)
    #expect(PolyGamma.trigamma(0) == .infinity)
    #expect(PolyGamma.digamma(-1).isNaN)
    #expect(PolyGamma.scaledDeficit(0) == 1)
    #expect(PolyGamma.scaledExcess(0) == 1)
    #expect(PolyGamma.scaledDeficit(.infinity) == 0.5)
    #expect(PolyGamma.stirlingRemainder(0) == .infinity)
  }
}
