import ArgumentParser
import Surprisal

/// The options of `--model mlp`: layers, training, and files of a single run.
struct NetworkOptions: ParsableArguments {
  @OptionGroup var training: TrainingFlags

  @Option(
    "column",
    "Rows with the same text in this column are held out together: persons, items, places.")
  var group: String?

  @Option(
    "file",
    """
    Keep the state of training in this file, written after each pass; FILE.1, FILE.2, ... with \
    --ensemble.
    """)
  var checkpoint: String?

  @Flag(
    help:
      """
      Go on from the state in --checkpoint, if there is such a file: same bytes at the end. With \
      --schedule constant --epochs may be more than they were.
      """
  )
  var resume = false

  @Option("file", "Write one JSON object a pass to this file.") var log: String?

  func validate() throws {
    if resume, checkpoint == nil { throw ValidationError("--resume needs --checkpoint FILE") }
  }

  /// The first option that was given; these options have no meaning for other models.
  var given: String? {
    let options: [(String, Bool)] = [
      ("--group", group != nil), ("--checkpoint", checkpoint != nil), ("--resume", resume),
      ("--log", log != nil),
    ]
    return training.given ?? options.first { $0.1 }?.0
  }

  /// The checkpoint of each of `members` networks; empty if none are kept.
  func checkpoints(_ members: Int) -> [String] {
    guard let checkpoint else { return [] }
    return members == 1 ? [checkpoint] : (1...members).map { "\(checkpoint).\($0)" }
  }

  /// Every file that the training of `members` networks writes.
  func outputs(_ members: Int) -> [String] { checkpoints(members) + (log.map { [$0] } ?? []) }
}
