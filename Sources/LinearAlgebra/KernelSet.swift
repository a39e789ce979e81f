import SurprisalKernels

/// One implementation of the numerical kernels: for an instruction set, or the plain reference.
///
/// The set is chosen once per process: the widest one the machine supports, or the one named by the
/// environment variable `SURPRISAL_KERNELS` (`reference`, `sse2`, `avx2`, `avx512`, `neon`). A name
/// that is unknown or not supported by the machine is ignored; reports print `name`. Within a set
/// results have the same bits in every run; between sets they agree to about 1e-12.
public struct KernelSet: Sendable {
  /// The functions, for tests of a named set. The tables are constants of the program.
  public nonisolated(unsafe) let table: UnsafePointer<surprisal_kernels>

  /// The set used for the products and sums of the package.
  public static var current: KernelSet { KernelSet(table: surprisal_kernels_current()) }

  /// Every set that this machine supports, the reference first.
  public static var available: [KernelSet] {
    ["reference", "sse2", "neon", "avx2", "avx512"].compactMap(KernelSet.init(named:))
  }

  /// The set with that name; nil if there is none or this machine does not support it.
  public init?(named name: String) {
    guard let table = surprisal_kernels_named(name) else { return nil }
    self.table = table
  }

  private init(table: UnsafePointer<surprisal_kernels>) { self.table = table }

  /// `reference`, or the instruction set.
  public var name: String { String(cString: table.pointee.name) }
}
