import Testing

@testable import SurprisalLinearAlgebra

/// Whole numbers of any size, compared with Python's.
@Suite struct BigIntegerTests {
  /// a, b, a + b, a b.
  static let cases = [
    (
      "13935500888991235141", "15837184877706723481", "29772685766697958622",
      "220699103942400590658342642934337045821"
    ),
    (
      "-882520108832450178026", "1030717067596126912899568913019891846302",
      "1030717067596126912017048804187441668276",
      "-909628538670397829968666674783093495848824717349365729759852"
    ),
    (
      "-980212442442765219344704405993666429292605463642972906050420", "6",
      "-980212442442765219344704405993666429292605463642972906050414",
      "-5881274654656591316068226435961998575755632781857837436302520"
    ),
    (
      "-84665289995572418650783829874150535907942906061996079779282012175900952454568",
      "51494902444603637846546557158700854116005796976201218324005986392578423757474",
      "-33170387550968780804237272715449681791937109085794861455276025783322528697094",
      "-4359830848766078063689406528174007931923881551546582463785946750286827982828"
        + "844821085034122519972530796510488537291495091303749219282453788682645835441232"
    ),
  ]

  private static func number(_ text: String) -> BigInteger {
    let digits = text.reduce(BigInteger.zero) { sum, character in
      character.wholeNumberValue.map { sum * BigInteger(10) + BigInteger($0) } ?? sum
    }
    return text.hasPrefix("-") ? -digits : digits
  }

  @Test(arguments: cases)
  func agreesWithPython(_ first: String, _ second: String, _ sum: String, _ product: String) {
    let (a, b) = (Self.number(first), Self.number(second))
    let (c, d) = (Self.number(sum), Self.number(product))
    #expect(a + b == c && c - b == a && c - a == b && a - a == .zero)
    #expect(a * b == d && (-a) * b == -d)
    #expect(d.dividedExactly(by: a) == b && d.dividedExactly(by: -b) == -a)
    #expect((d * a).dividedExactly(by: d) == a)
    #expect(a < b && !(b < a) && b.isPositive && a.magnitude.isPositive != a.isZero)
  }

  /// Quotients by divisors with many factors of two, and of numbers of few words.
  @Test func dividesByEvenNumbers() {
    let two = BigInteger(1 << 62) * BigInteger(1 << 62) * BigInteger(12)
    for text in ["1", "-3", "18446744073709551616", "340282366920938463463374607431768211455"] {
      let number = Self.number(text)
      #expect((number * two).dividedExactly(by: two) == number)
      #expect((number * two).dividedExactly(by: number) == two)
    }
    #expect(BigInteger.zero.dividedExactly(by: two) == .zero)
  }

  @Test(arguments: [
    (0.1, 1, -1), (-1.25e-7, -125, -9), (1e22, 1, 22), (27_888_984_393, 27_888_984_393, 0),
    (-0.0, 0, 0), (Double.leastNonzeroMagnitude, 5, -324), (1200.5, 12005, -1), (1e300, 1, 300),
  ])
  func readsDoublesAsTheirShortestDecimals(_ value: Double, _ digits: Int, _ power: Int) {
    let found = BigInteger.decimal(of: value)
    #expect(found.digits == BigInteger(digits) && found.power == power)
  }

  @Test func scalesLikeDoubles() {
    for (power, value) in [(0, 1.0), (3, 1000), (22, 1e22), (40, 1e40), (300, 1e300)] {
      let found = BigInteger.powerOfTen(power).scaled
      let number = Double(sign: .plus, exponent: found.exponent, significand: found.significand)
      #expect((number / value - 1).magnitude < 1e-15)
    }
    #expect(BigInteger.zero.scaled == (0, 0))
  }
}
