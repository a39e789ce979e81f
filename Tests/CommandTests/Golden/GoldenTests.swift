import Foundation
import TestSupport
import Testing

#if os(Linux) && arch(x86_64)
  private let isGoldenPlatform = true
#else
  private let isGoldenPlatform = false
#endif

/// Compares everything the tool prints and writes, byte for byte, with the transcripts in
/// `Recorded`.
///
/// With `SURPRISAL_RECORD_GOLDENS=1` in the environment the transcripts are recorded again;
/// `SURPRISAL_GOLDEN_CASES=help,report` runs only the cases whose names begin so.
@Suite(.enabled(if: isGoldenPlatform, "recorded on x86_64 Linux: last bits differ"))
struct GoldenTests {
  private static let isRecording =
    ProcessInfo.processInfo.environment["SURPRISAL_RECORD_GOLDENS"] != nil

  private static let chosen = ProcessInfo.processInfo.environment["SURPRISAL_GOLDEN_CASES"]?
    .split(separator: ",")

  static let allCases = GoldenCase.list(
    "help", "data", "fits", "likelihoods", "errors", "networks", "calibration", "validation",
    "uses", "faults", "references", "screens")
  static let heavyCases = GoldenCase.list("heavy")
  static let cases = allCases.filter { item in
    chosen?.contains { item.name.hasPrefix($0) } ?? true
  }

  @Test(arguments: cases) func output(_ item: GoldenCase) throws { try Self.check(item) }

  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled), arguments: heavyCases)
  func outputOfLargeFits(_ item: GoldenCase) throws { try Self.check(item) }

  /// No two cases have the same transcript, and every transcript belongs to a case.
  @Test func everyTranscriptHasOneCase() throws {
    let names = (Self.allCases + Self.heavyCases).map { "\($0.name).txt" }
    #expect(names.count > 100)
    #expect(Set(names).count == names.count)
    guard !Self.isRecording else { return }
    let files = try FileManager.default.contentsOfDirectory(
      atPath: GoldenCase.folder.appendingPathComponent("Recorded").path)
    #expect(Set(files).symmetricDifference(names).sorted() == [])
  }

  /// Text for people is no wider than the terminal in which the cases run: 80 columns, or 120 in
  /// `screens`, which has every command. Output for programs is excluded, and shell commands that
  /// must be on one line.
  @Test func textFitsTheTerminal() throws {
    var lineCount = 0
    var commands: [Int: Set<String>] = [:]
    for item in Self.allCases + Self.heavyCases {
      let text = try String(contentsOf: item.recorded, encoding: .utf8)
      var (command, section) = ("", "")
      let hasBrokenExample = text.contains(/\n  surprisal [^\n]*\n[^ \n]/)
      #expect(!hasBrokenExample, "\(item.name): an example is broken into two lines")
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("$ ") {
          (command, section) = (String(line), "")
          let words = line.split(separator: " ").dropFirst(2)
          if let name = words.first { commands[item.columns, default: []].insert(String(name)) }
        }
        if line.hasPrefix("--- ") { section = String(line) }
        let isForPrograms =
          command.firstMatch(of: /--(json|tidy|glance|data)|surprisal (predict|report|export)/)
          != nil
        guard
          section == "--- standard error" || (section == "--- standard output" && !isForPrograms),
          !line.hasPrefix("---")
        else { continue }
        lineCount += 1
        let longest = line.split(separator: " ").map(\.count).max() ?? 0
        #expect(
          line.count <= item.columns || longest > item.columns - 20, "\(item.name): \(line)")
      }
    }
    #expect(lineCount > 1000)
    let help = try String(
      contentsOf: GoldenCase.folder.appendingPathComponent("Recorded/help.txt"), encoding: .utf8)
    let all = help.matches(of: /\n  ([a-z][a-z-]*) {3,}[A-Z]/).map { String($0.1) }
    #expect(all.count >= 14)
    for columns in [80, 120] {
      #expect(Set(all).subtracting(commands[columns] ?? []).sorted() == [], "\(columns)")
    }
  }

  private static func check(_ item: GoldenCase) throws {
    let found = try GoldenRun.transcript(of: item)
    if isRecording {
      let text = found.joined(separator: "\n") + "\n"
      return try text.write(to: item.recorded, atomically: true, encoding: .utf8)
    }
    let text = try String(contentsOf: item.recorded, encoding: .utf8)
    let expected = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard !expected.elementsEqual(found, by: { $0 == $1 }) else { return }
    let place =
      zip(expected, found).enumerated().first { $1.0 != $1.1 }?.offset
      ?? min(expected.count, found.count)
    let section = found.prefix(place + 1).last { $0.hasPrefix("--- ") || $0.hasPrefix("$ ") } ?? ""
    let pair = (
      place < expected.count ? String(expected[place]) : "(the end)",
      place < found.count ? found[place] : "(the end)"
    )
    let (before, after) = excerpts(pair.0, pair.1)
    Issue.record(
      """
      \(item.name): line \(place + 1) of Recorded/\(item.name).txt differs, in \(section)
        recorded: \(before)
        found:    \(after)
      """)
  }

  /// Excerpts of long lines from shortly before their first difference.
  private static func excerpts(_ first: String, _ second: String) -> (String, String) {
    let common = zip(first, second).prefix { $0 == $1 }.count
    let start = max(0, common - 60)
    func excerpt(_ text: String) -> String {
      (start > 0 ? "..." : "") + text.dropFirst(start).prefix(200)
    }
    return (excerpt(first), excerpt(second))
  }
}
