import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program started by `posix_spawn`, its streams bound to files.
///
/// Foundation's `Process` reads past the entries of `/proc/self/fd` each time it starts one on
/// Linux (swift-corelibs-foundation, pull request 5472), so a suite of some thousand runs
/// occasionally ends in a segmentation fault that no test caused.
struct ChildProcess {
  private let identifier: pid_t
  private var ending: Int32?

  /// Starts a program in a folder, with no signal blocked or ignored.
  ///
  /// A shell changes the folder and then executes the program: `posix_spawn` can do so on some
  /// systems only.
  init(
    _ program: String, _ arguments: [String], in folder: String, environment: [String: String],
    input: String, output: String, errors: String
  ) throws {
    #if canImport(Darwin)
      var files: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var files = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&files, 2, errors, O_WRONLY, 0)

    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
    posix_spawnattr_setflags(&attributes, flags)

    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder, program]
    let words = (shell + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      for word in words + variables { free(word) }
    }
    var child = pid_t()
    let code = posix_spawn(&child, shell[0], &files, &attributes, words, variables)
    guard code == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
    }
    identifier = child
  }

  /// The largest resident memory observed so far, in bytes.
  private(set) var peakMemory = 0

  /// Waits for the end of the program, and returns whether it ended in time: `seconds` limits its
  /// processor time, and the elapsed time may be sixty times as long on a busy machine. Observes
  /// the memory meanwhile if it is measured.
  mutating func waits(seconds: Double, measuresMemory: Bool = false) -> Bool {
    let limit = ContinuousClock.now + .seconds(60 * seconds)
    while !hasEnded(WNOHANG) {
      guard ContinuousClock.now < limit, processorSeconds <= seconds else { return false }
      if measuresMemory { peakMemory = max(peakMemory, residentPeak) }
      usleep(1000)
    }
    return true
  }

  /// The processor time of the program in seconds, over all its threads.
  private var processorSeconds: Double {
    #if canImport(Darwin)
      return 0
    #else
      var clock = clockid_t()
      var time = timespec()
      guard clock_getcpuclockid(identifier, &clock) == 0, clock_gettime(clock, &time) == 0
      else { return 0 }
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    #endif
  }

  /// The value of `wait4` is useless: a process started by `posix_spawn` inherits the peak of its
  /// parent.
  private var residentPeak: Int {
    let status = (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0) * 1024
  }

  /// Ends the program.
  mutating func kill() {
    guard ending == nil else { return }
    Foundation.kill(identifier, SIGKILL)
    _ = hasEnded(0)
  }

  /// The status as reported by a shell: a signal's number counts from 128.
  var status: Int32 {
    guard let ending else { return -1 }
    let signal = ending & 0x7f
    return signal == 0 ? (ending >> 8) & 0xff : 128 + signal
  }

  private mutating func hasEnded(_ options: Int32) -> Bool {
    var value: Int32 = 0
    guard waitpid(identifier, &value, options) == identifier else { return false }
    ending = value
    return true
  }
}
