import Foundation
import Testing

/// Random inputs for a target, the same in every run.
///
/// A usual run tries an eighth of the inputs, a run with heavy tests all of them. `SURPRISAL_FUZZ`
/// in the environment multiplies their number, and `SURPRISAL_FUZZ_SEED` is the seed of the first.
/// While an input is tried it is stored in a file of the temporary folder, whose name contains the
/// target and the seed: it remains there after a trap.
public struct Fuzz: Sendable {
  private let target: String
  private let seeds: Range<UInt64>

  /// The maximum processor time of an input in seconds. Processes started by a test have a limit of
  /// their own.
  public static let limit = 5.0

  /// A target, with the number of its inputs in a run with heavy tests.
  public init(_ target: String, inputs: Int) {
    let environment = ProcessInfo.processInfo.environment
    let factor = environment["SURPRISAL_FUZZ"].flatMap { Double($0) }
    let first = environment["SURPRISAL_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    self.target = target
    let count = Double(inputs) * (factor ?? (heavyTestsEnabled ? 1 : 0.125))
    seeds = first..<first + UInt64(max(1, min(count, 1e12)))
  }

  /// Creates inputs and tries each: `check` returns its fault, or nil.
  public func run<Input>(
    _ make: (inout TestNumbers) throws -> Input, check: (Input) throws -> String?
  ) throws {
    for seed in seeds {
      var numbers = TestNumbers(seed: seed)
      let input = try make(&numbers)
      let bytes = (input as? [UInt8]) ?? Array("\(input)".utf8)
      let file = FileManager.default.temporaryDirectory
        .appendingPathComponent("surprisal-fuzz-\(target)-\(seed)")
      try Data(bytes).write(to: file)
      let start = Self.processorSeconds
      let fault = try check(input)
      let seconds = Self.processorSeconds - start
      if let fault = fault ?? (seconds > Self.limit ? "\(seconds) seconds" : nil) {
        let shown = String(decoding: bytes.prefix(4000), as: UTF8.self)
        Issue.record("target \(target), seed \(seed): \(fault)\n\(shown.debugDescription)")
      }
      try FileManager.default.removeItem(at: file)
    }
  }

  /// The processor time of this thread in seconds.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension [UInt8] {
  /// Numbers at the limits of lengths, types and formats.
  private static let boundaries = [
    "0", "-1", "1", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295",
    "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551616",
    "1e308", "1e309", "-1e308", "4.9e-324", "1e-400", "1e99999999999", "nan", "inf", "0x10", "1_0",
    "", " 1 ", "1.", ".5", "-.", "+", "1e", "00", "-0",
  ]

  /// A mutated copy of one of `sources`: bits, bytes, numbers and pieces replaced, `words`
  /// inserted.
  public static func mutated(
    _ sources: [[UInt8]], words: [String] = [], using numbers: inout TestNumbers
  ) -> [UInt8] {
    var bytes = sources.randomElement(using: &numbers) ?? []
    for _ in 0..<Int.random(in: 1...6, using: &numbers) {
      bytes.mutate(sources, words, using: &numbers)
    }
    return bytes
  }

  private mutating func mutate(
    _ sources: [[UInt8]], _ words: [String], using numbers: inout TestNumbers
  ) {
    let place = Int.random(in: 0...count, using: &numbers)
    let end = Swift.min(count, place + Int.random(in: 0...8, using: &numbers))
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0 where place < count: self[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
    case 1 where place < count:
      let any = UInt8.random(in: 0...255, using: &numbers)
      self[place] = [0, 0xFF, 0x80, 10, 13, 34, 44, any].randomElement(using: &numbers) ?? 0
    case 2: removeSubrange(place..<end)
    case 3: insert(contentsOf: Array(self[place..<end]), at: place)
    case 4: removeSubrange(place...)
    case 5:
      let other = sources.randomElement(using: &numbers) ?? []
      self += other.dropFirst(Int.random(in: 0...other.count, using: &numbers))
    case 6: replaceNumber(near: place, using: &numbers)
    default:
      let word = (words + Self.boundaries).randomElement(using: &numbers) ?? ""
      insert(contentsOf: Array(word.utf8), at: place)
    }
  }

  private mutating func replaceNumber(near place: Int, using numbers: inout TestNumbers) {
    let isDigit = { (byte: UInt8) in (48...57).contains(byte) }
    guard let start = self[place...].firstIndex(where: isDigit) else { return }
    let end = self[start...].firstIndex { !isDigit($0) } ?? count
    let number = Self.boundaries.randomElement(using: &numbers) ?? ""
    replaceSubrange(start..<end, with: Array(number.utf8))
  }
}
