extension ErrorText {
  /// Model files.
  static let models: [ErrorText] = [
    ErrorText(
      "model.truncated", "the model file ends early",
      meaning: "The last line feed is missing: the end of the file was lost.",
      example: "a download that was interrupted", suggestion: "copy it again, or repeat the fit."),
    ErrorText(
      "model.checksum", "the model file is damaged",
      meaning: """
        The file has no checksum (CRC-32C), or not the one of its text: it changed after it was
        written, be it by one bit, by hand, or by a program that reformatted it. surprisal inspect
        shows its content all the same.
        """,
      example: "a coefficient edited in a text editor",
      suggestion: "copy it again, or repeat the fit."),
    ErrorText(
      "model.version", "a later version of the format",
      meaning: "The file was written by a later release; the message names it.",
      example: "a model of the next release", suggestion: "use that release or a later one."),
    ErrorText(
      "model.foreign", "not a model of Surprisal",
      meaning: "The file is a model of another tool, or no model at all.",
      example: "surprisal predict booster.json new.csv",
      suggestion: "name a file that surprisal fit -o wrote."),
    ErrorText(
      "model.json", "the content of the model file is not in order",
      meaning: """
        The text is no JSON, lacks a key, has one that the version does not know or one twice, or a
        value is of the wrong kind. The path says where.
        """,
      example: "a model file written by another program", suggestion: "repeat the fit."),
    ErrorText(
      "model.values", "a number in the model file cannot be what it is",
      meaning: "A number is missing, not finite or out of its range. The path says which.",
      example: "a coefficient that is null", suggestion: "repeat the fit."),
    ErrorText(
      "model.shape", "a list in the model file is of the wrong length",
      meaning: "There are more or fewer numbers than classes and columns need.",
      example: "11 coefficients where 12 are needed", suggestion: "repeat the fit."),
    ErrorText(
      "model.limit", "the model file is too large",
      meaning: "A model file has at most 1 GiB, a name in it at most 4 KiB.",
      example: "a class name of a megabyte",
      suggestion: "shorten the names, or fit fewer columns."),
    ErrorText(
      "model.likelihood", "a likelihood that this release does not know",
      meaning: "The model was fitted under a likelihood of another release.",
      example: "a model of the next release",
      suggestion: "use the release that wrote it, or a later one."
    ),
    ErrorText(
      "export.lost", "a part of the model would be lost",
      meaning: """
        The format has no place for a part of the model that its predictions need, such as the
        hidden layers of a network in a table of coefficients. No file is written: it would predict
        something else.
        """,
      example: "surprisal export calibrated.json -o coefficients.csv",
      suggestion: "choose another format, or use the model file itself with surprisal predict."),
    ErrorText(
      "export.format", exit: "64", "the format of an export is not known, or cannot do it",
      meaning: """
        The format is that of the ending of the output's name unless --to names it. Single
        precision is for ONNX alone.
        """,
      example: "surprisal export model.json -o model.bin",
      suggestion: "name one: --to onnx, safetensors, csv, c or swift."),
    ErrorText(
      "checkpoint.damaged", "the checkpoint of training is damaged",
      meaning: """
        The file ends early, its checksum is not that of its content, or it was written by another
        release: training cannot go on from it with the same bytes.
        """,
      example: "a copy that was interrupted",
      suggestion: "start anew without --resume, or put back a copy of the checkpoint."),
    ErrorText(
      "checkpoint.foreign", "not a checkpoint of training",
      meaning: "--resume was given a --checkpoint that is another file, a finished model perhaps.",
      example: "surprisal fit train.csv --probs 'p_*' --model mlp --checkpoint net.model --resume",
      suggestion: "name the file that --checkpoint wrote, or start anew without --resume."),
  ]
}
