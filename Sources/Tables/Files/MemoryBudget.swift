import SurprisalLinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A limit on memory, checked before allocation, since running out of memory cannot be caught.
public struct MemoryBudget: Sendable, Equatable {
  /// The limit in bytes.
  public let bytes: Int

  /// A budget in bytes.
  public init(bytes: Int) { self.bytes = bytes }

  /// 80 % of the least of the machine's memory, the limits of the control groups and that of the
  /// process (`ulimit -v`).
  public static let ofMachine: MemoryBudget = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageSize = sysconf(Int32(_SC_PAGESIZE))
    let (product, overflow) = pages.multipliedReportingOverflow(by: pageSize)
    let machine = pages > 0 && pageSize > 0 && !overflow ? product : Int.max
    let limit = ([machine, addressLimit()] + controlGroupLimits()).min() ?? machine
    return MemoryBudget(bytes: limit / 10 * 8)
  }()

  /// Throws `limit.memory` if `needed` bytes exceed the budget.
  public func require(_ needed: Int, for purpose: String) throws(FileError) {
    if needed > bytes {
      throw .notEnoughMemory(purpose: purpose, needed: needed, limit: bytes)
    }
  }

  /// The limit on the addresses of this process, without those in use and those that threads
  /// reserve for their stacks and heaps.
  private static func addressLimit() -> Int {
    #if canImport(Glibc)
      var limit = rlimit()
      guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return .max }
      guard limit.rlim_cur < rlim_t(Int.max) else { return .max }
      let pages = smallFile("/proc/self/statm").split(separator: " ").first.flatMap { Int($0) } ?? 0
      let used = pages.multipliedSaturating(by: sysconf(Int32(_SC_PAGESIZE)))
      return max(0, Int(clamping: limit.rlim_cur) - used.addingSaturating(threadAddresses))
    #else
      return .max
    #endif
  }

  /// The heaps of two threads, as the allocator of glibc reserves them.
  private static let threadAddresses = 1 << 27

  /// The limits of this process's control groups, version 2 and 1.
  private static func controlGroupLimits() -> [Int] {
    #if os(Linux)
      let root = "/sys/fs/cgroup"
      var paths = ["\(root)/memory.max", "\(root)/memory/memory.limit_in_bytes"]
      let own = smallFile("/proc/self/cgroup").split(separator: "\n")
        .first { $0.hasPrefix("0::") }?.dropFirst(3)
      if let own, own != "/" { paths.append("\(root)\(own)/memory.max") }
      return paths.compactMap { path in
        Int(smallFile(path).split(separator: "\n").first ?? "").flatMap { $0 > 0 ? $0 : nil }
      }
    #else
      return []
    #endif
  }

  /// Up to 4 KiB of a file of the system; empty if there is none.
  private static func smallFile(_ path: String) -> String {
    let descriptor = Platform.open(path, O_RDONLY)
    guard descriptor >= 0 else { return "" }
    defer { Platform.close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { Platform.read(descriptor, into: $0) }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}

/// The memory that a table needs while it is read.
struct TableSize {
  /// The expected number of rows.
  var rows: Int
  /// Whether the file has at least this many rows, as far as can be judged.
  var knowsRows = true
  /// The number of feature columns.
  package var features: Int
  /// The bytes of one entry of the features: 8, or 4 in single precision.
  var width: Int
  /// The bytes per row other than features.
  var others: Int
  /// The bytes that do not depend on the number of rows.
  var fixed: Int
  /// Whether entries can be held in single precision.
  var canBeSingle: Bool

  /// A table of labels alone, which are always of double precision.
  init(rows: Int, labels: Int) {
    self.init(rows: rows, others: labels.multipliedSaturating(by: 8))
  }

  /// A table.
  init(
    rows: Int, features: Int = 0, width: Int = 8, others: Int = 0, fixed: Int = 0,
    canBeSingle: Bool = true
  ) {
    (self.rows, self.features, self.width) = (rows, features, width)
    (self.others, self.fixed, self.canBeSingle) = (others, fixed, canBeSingle)
  }

  /// The total bytes; saturates.
  func bytes(width: Int) -> Int {
    rows.multipliedSaturating(by: rowBytes(width: width)).addingSaturating(fixed)
  }

  /// The bytes of a row; saturates.
  func rowBytes(width: Int) -> Int {
    features.multipliedSaturating(by: width).addingSaturating(others)
  }
}

extension MemoryBudget {
  /// Throws `limit.memory` if a table does not fit, with what would fit: single precision, fewer
  /// rows, fewer columns.
  func require(_ size: TableSize, for purpose: String) throws(FileError) {
    let needed = size.bytes(width: size.width)
    guard needed > bytes else { return }
    throw .notEnoughMemory(
      purpose: purpose, needed: needed, limit: bytes, remedies: remedies(for: size))
  }

  private func remedies(for size: TableSize) -> [MemoryRemedy] {
    var result: [MemoryRemedy] = []
    let single = size.bytes(width: 4)
    if size.canBeSingle, size.width == 8, size.features > 0 {
      result.append(.singlePrecision(needed: single, fits: single <= bytes))
    }
    let room = max(0, bytes - size.fixed)
    let row = max(1, size.rowBytes(width: size.width))
    if size.knowsRows, size.rows > 1, room / row > 0 {
      result.append(.rows(room / row, of: size.rows))
    }
    let columns = (room / max(1, size.rows) - size.others) / max(1, size.width)
    if size.features > 1, columns > 0 {
      result.append(.featureColumns(min(columns, size.features), of: size.features))
    }
    return result
  }
}

/// A way to need less memory, or a large part of the demand, given with an error of too little
/// memory.
public enum MemoryRemedy: Sendable, Equatable {
  /// The bytes needed in total with features in single precision.
  case singlePrecision(needed: Int, fits: Bool)
  /// The number of rows that fit.
  case rows(Int, of: Int)
  /// The number of feature columns that fit.
  case featureColumns(Int, of: Int)
  /// The bytes of the features and labels of a fit.
  case data(bytes: Int)
  /// The bytes of the matrices of a fit with a number of parameters.
  case matrices(bytes: Int, parameterCount: Int)
  /// The bytes needed by a fit without standard errors.
  case noStandardErrors(needed: Int, fits: Bool)
  /// The bytes needed by a fit by L-BFGS with a prior.
  case lbfgs(needed: Int, fits: Bool)
  /// Single precision halves the features.
  case halvedFeatures
  /// The bytes needed by one of several concurrent fits.
  case oneFitAtATime(of: Int, needed: Int, fits: Bool)
}
