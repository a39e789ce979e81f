import Foundation
import TestSupport
import Testing

/// System calls that fail, one after the other, in each command with all its outputs.
@Suite(.tags(.heavy), .enabled(if: faultTestsEnabled)) struct FaultTests {
  /// A call, its error number and whether a command must succeed despite it.
  struct Fault: Sendable, CustomTestStringConvertible {
    let call: String
    let number: Int32
    var isHarmless = false

    var testDescription: String { "\(call) \(number)" }
  }

  /// The calls of which one fails if the command must succeed despite it.
  private static let places = [1, 2, 3, 5, 8, 13, 21, 34, 55]

  static let faults = [
    Fault(call: "open", number: EMFILE), Fault(call: "read", number: EIO),
    Fault(call: "write", number: ENOSPC), Fault(call: "fsync", number: EIO),
    Fault(call: "rename", number: EIO), Fault(call: "link", number: EPERM, isHarmless: true),
    Fault(call: "close", number: EIO), Fault(call: "read", number: EINTR, isHarmless: true),
    Fault(call: "write", number: EINTR, isHarmless: true),
    Fault(call: "open", number: EINTR, isHarmless: true),
    Fault(call: "short", number: 0, isHarmless: true),
  ]

  /// The library that makes calls fail, compiled once; nil without a C compiler.
  private static let library = Result { try FailingCalls(in: Workspace()) }

  @Test("109, 111: calls that fail", arguments: faults, OutputCase.all)
  func failingCalls(_ fault: Fault, _ row: OutputCase) throws {
    #if os(Linux)
      guard let library = try Self.library.get() else { return }
      let whole = try OutputCase.folder()
      let outputs = Set((row.outputs + row.running).map { OutputCase.name(of: $0) })
      let before = try prepared(whole, outputs)
      let passed = try Tool.shell(row.line() + " --json", in: whole)
      #expect(passed.status == 0, "\(passed.errors)")
      let after = whole.contents
      // Once, or from then on: the loop ends with the first run without a failing call.
      for last in fault.isHarmless ? [0] : [0, Int.max] {
        for first in 1...60 where !fault.isHarmless || Self.places.contains(first) {
          let folder = try OutputCase.folder()
          _ = try prepared(folder, outputs)
          let outcome = try Tool.shell(
            row.line() + " --json", in: folder,
            environment: library.environment(
              fault.call, from: first, to: max(first, last == .max && !fault.isHarmless ? last : 0),
              error: fault.number))
          let contents = folder.contents
          if outcome.status == 0 {
            #expect(contents == after, "\(first): \(Self.difference(contents, after))")
            #expect(outcome.output == passed.output)
            if !fault.isHarmless { break }
            continue
          }
          #expect(!fault.isHarmless, "\(first): \(outcome.errors)")
          #expect(
            [66, 73, 74].contains(outcome.status), "\(first): \(outcome.status) \(outcome.errors)")
          #expect(outcome.errors.contains("error[io."), "\(outcome.errors)")
          let running = row.running.map { OutputCase.name(of: $0) }
          let kept = contents.filter { !running.contains($0.key) }
          #expect(
            kept == before.filter { !running.contains($0.key) },
            "\(first): \(Self.difference(kept, before))")
        }
      }
    #endif
  }

  /// A folder whose outputs have old contents.
  private func prepared(_ folder: Workspace, _ outputs: Set<String>) throws -> [String: [UInt8]] {
    for name in outputs { try folder.write("old\n", to: name) }
    return folder.contents
  }

  private static func difference(_ a: [String: [UInt8]], _ b: [String: [UInt8]]) -> [String] {
    Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted()
  }
}
