#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How much memory may be asked for: running out cannot be caught, so it is asked before.
public struct MemoryBudget: Sendable, Equatable {
  /// The bytes that may be used.
  public let bytes: Int

  /// A budget of so many bytes.
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

  /// Throws `limit.memory` where `needed` bytes are more than the budget.
  public func require(_ needed: Int, for purpose: String) throws(FileError) {
    if needed > bytes {
      throw .notEnoughMemory(purpose: purpose, needed: needed, limit: bytes)
    }
  }

  /// The limit on the addresses of this process.
  private static func addressLimit() -> Int {
    #if canImport(Glibc)
      var limit = rlimit()
      guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return .max }
      return Int(clamping: limit.rlim_cur)
    #else
      return .max
    #endif
  }

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

  /// Up to 4 KiB of a file of the system; empty when there is none.
  private static func smallFile(_ path: String) -> String {
    let descriptor = Platform.open(path, O_RDONLY)
    guard descriptor >= 0 else { return "" }
    defer { Platform.close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { Platform.read(descriptor, into: $0) }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
