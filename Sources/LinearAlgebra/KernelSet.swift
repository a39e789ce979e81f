import SurprisalKernels

/// One implementation of the numerical kernels: of an instruction set, or the plain reference.
///
/// The set that runs is chosen once per process: the widest of the machine, or the one that the
/// environment variable `SURPRISAL_KERNELS` names (`reference`, `sse2`, `avx2`, `avx512`, `neon`).
/// A name that is unknown or that the machine cannot run is ignored: reports print `name`. Within
/// a set results have the same bits in every run; between sets they agree to about 1e-12.
public struct KernelSet: Sendable {
  /// The functions, for tests that run a set by name. The tables are constants of the program.
  public nonisolated(unsafe) let table: UnsafePointer<surprisal_kernels>

  /// The set that the package's products and sums run on.
  public static var current: KernelSet { KernelSet(table: surprisal_kernels_current()) }

  /// Every set this machine can run, the reference first.
  public static var available: [KernelSet] {
    ["reference", "sse2", "neon", "avx2", "avx512"].compactMap(KernelSet.init(named:))
  }

  /// The set of that name, nil where there is none or this machine cannot run it.
  public init?(named name: String) {
    guard let table = surprisal_kernels_named(name) else { return nil }
    self.table = table
  }

  private init(table: UnsafePointer<surprisal_kernels>) { self.table = table }

  /// `reference`, or the instruction set.
  public var name: String { String(cString: table.pointee.name) }
}
