extension ErrorText {
  /// Model files.
  static let models: [ErrorText] = [
    ErrorText(
      "model.truncated", "the model file is incomplete",
      meaning: "The last line feed is missing: the end of the file was lost.",
      example: "a download that was interrupted", suggestion: "copy it again, or repeat the fit."),
    ErrorText(
      "model.checksum", "the model file is damaged",
      meaning: """
        The file has no checksum (CRC-32C), or the checksum does not match its text: the file has
        changed since it was written, for example by a bit error, by hand, or by a program that
        reformatted it. surprisal inspect can still show its content.
        """,
      example: "a coefficient edited in a text editor",
      suggestion: "copy it again, or repeat the fit."),
    ErrorText(
      "model.version", "a later version of the format",
      meaning: "The file was written by a later release; the message names it.",
      example: "a model of the next release", suggestion: "use that release or a later one."),
    ErrorText(
      "model.foreign", "not a model of Surprisal",
      meaning: "The file is a model of another tool, or not a model.",
      example: "surprisal predict booster.json new.csv",
      suggestion: "name a file that surprisal fit -o wrote."),
    ErrorText(
      "model.json", "the content of the model file is not valid",
      meaning: """
        The text is not JSON, lacks a key, has an unknown or duplicate key, or a value has the wrong
        type. The message gives its path.
        """,
      example: "a model file written by another program", suggestion: "repeat the fit."),
    ErrorText(
      "model.values", "a number in the model file is not valid",
      meaning: "A number is missing, not finite or out of range. The message gives its path.",
      example: "a coefficient that is null", suggestion: "repeat the fit."),
    ErrorText(
      "model.shape", "a list in the model file has the wrong length",
      meaning: "The number of values does not match the numbers of classes and columns.",
      example: "11 coefficients although 12 are needed", suggestion: "repeat the fit."),
    ErrorText(
      "model.limit", "the model file is too large",
      meaning: "A model file has at most 1 GiB, a name in it at most 4 KiB.",
      example: "a class name of a megabyte",
      suggestion: "shorten the names, or fit fewer columns."),
    ErrorText(
      "model.likelihood", "a likelihood that this release does not have",
      meaning: "The model was fitted with a likelihood of another release.",
      example: "a model of the next release",
      suggestion: "use the release that wrote it, or a later one."
    ),
    ErrorText(
      "export.lost", "a part of the model would be lost",
      meaning: """
        The format cannot represent a part of the model that its predictions need, such as the
        hidden layers of a network in a table of coefficients. No file is written because its
        predictions would differ.
        """,
      example: "surprisal export calibrated.json -o coefficients.csv",
      suggestion: "choose another format, or use the model file itself with surprisal predict."),
    ErrorText(
      "export.format", exit: "64", "the export format is unknown, or not possible",
      meaning: """
        The extension of the output's name determines the format unless --to names it. Single
        precision is available only for ONNX.
        """,
      example: "surprisal export model.json -o model.bin",
      suggestion: "name a format: --to onnx, safetensors, csv, c or swift."),
    ErrorText(
      "checkpoint.damaged", "the training checkpoint is damaged",
      meaning: """
        The file is incomplete, its checksum does not match its content, or another release wrote
        it: training cannot be resumed from it with identical results.
        """,
      example: "a copy that was interrupted",
      suggestion: "start again without --resume, or restore a copy of the checkpoint."),
    ErrorText(
      "checkpoint.foreign", "not a training checkpoint",
      meaning: """
        --resume was given, but the file of --checkpoint is not a checkpoint; it may be a finished
        model.
        """,
      example: "surprisal fit train.csv --probs 'p_*' --model mlp --checkpoint net.model --resume",
      suggestion: "name the file that --checkpoint wrote, or start again without --resume."),
  ]
}
