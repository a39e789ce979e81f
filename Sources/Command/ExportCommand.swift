import ArgumentParser
import Surprisal

/// `surprisal export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model for other programs: ONNX, safetensors, CSV, C or Swift.",
    discussion: """
      Examples:
        surprisal export model.json -o model.onnx
        surprisal export model.json -o model.onnx --float32
        surprisal export model.json -o model.c
        surprisal export model.json -o coefficients.csv

      ONNX, C and Swift predict all that the model predicts, in double precision:
      columns of text, missing cells with substitutes, networks and calibrations.
      CSV has the coefficients of the logits on the scale of the features, a line
      for each class; safetensors has them, or the layers of a network, by name.
      What a format has no place for is refused.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model")) var model: String

  @Option("file", "Write to this file atomically; - for the standard output.", name: .output)
  var output: String

  @Option(
    "onnx|safetensors|csv|c|swift", "The format. Default: by the extension of the output's name.")
  var to: ExportFormat?

  @Flag(help: "Inputs and outputs of ONNX in single precision; the numbers too, unless calibrated.")
  var float32 = false

  @OptionGroup var replacement: ReplacementOptions

  @OptionGroup(title: "Output") var common: OutputOptions

  func run() throws {
    let path = output == "-" ? nil : output
    let outputs = try CommandOutputs(
      [path], noClobber: replacement.noClobber, rejects: nil, inputs: [InputFile(model)])
    guard let format = to ?? ExportFormat(path: output) else {
      throw ExportError.unknownFormat(file: output)
    }
    let saved = try ModelFile.read(InputFile(model))
    let bytes = try saved.exported(to: format, name: Self.stem(of: output), isSingle: float32)
    if let path { try outputs.stage(path).write(bytes) }
    try outputs.finish {
      guard path == nil else { return }
      var standard = OutputFile()
      try standard.write(bytes)
      try standard.close()
    }
  }

  /// The name of a file without folder and extension; `model` for the standard output.
  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    let stem = name.prefix { $0 != "." }
    return stem.isEmpty || stem == "-" ? "model" : String(stem)
  }
}

extension ExportFormat: ExpressibleByArgument {}
