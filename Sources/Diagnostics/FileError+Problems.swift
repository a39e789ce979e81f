import SurprisalTables

extension FileError.NPYProblem {
  package var code: String {
    switch self {
    case .magic: "npy.magic"
    case .header: "npy.header"
    case .shape: "npy.shape"
    case .elementType: "npy.dtype"
    case .size: "npy.size"
    case .inexactInteger: "number.inexact"
    }
  }

  package var message: String {
    switch self {
    case .magic(let found): "not an array file of version 1, 2 or 3: \(found)"
    case .header(let reason): "the header of the array cannot be read: \(reason)"
    case .shape(let reason): "the shape of the array cannot be read: \(reason)"
    case .elementType(let found): "arrays of type \(EscapedText(found)) are not supported"
    case .size(let expected, let found):
      "the array needs \(expected) bytes after its header, the file has \(found)"
    case .inexactInteger(let index, let value):
      "element \(index) is the integer \(value), which is not exactly representable as a double"
    }
  }

  var suggestion: String {
    switch self {
    case .magic, .header: "write the array with numpy.save"
    case .shape:
      "an array has one axis or two, and as many numbers as its shape states: write it again with "
        + "numpy.save, after array.reshape(len(array), -1) if it has more axes"
    case .size: "the file is not a whole array: copy or write it again"
    case .elementType: "convert it: numpy.save('converted.npy', array.astype('float64'))"
    case .inexactInteger: "integers beyond 2^53 are usually identifiers: leave the column out"
    }
  }
}

extension FileError.JSONProblem {
  package var code: String {
    switch self {
    case .syntax: "json.syntax"
    case .duplicateKey: "json.duplicate"
    case .numberOverflow: "json.number"
    case .depth: "json.depth"
    case .invalidUTF8: "json.utf8"
    case .loneSurrogate: "json.surrogate"
    }
  }

  package var message: String {
    switch self {
    case .syntax(let expected, let found): "expected \(expected), found \(found)"
    case .duplicateKey(let key): "the key \(EscapedText(key)) occurs twice in an object"
    case .numberOverflow(let text): "\(EscapedText(text)) exceeds the largest double"
    case .depth(let limit): "brackets nested deeper than \(limit)"
    case .invalidUTF8: "not UTF-8"
    case .loneSurrogate: "half of a surrogate pair"
    }
  }
}

extension FileError.LIBSVMProblem {
  package var code: String {
    switch self {
    case .syntax: "libsvm.syntax"
    case .order: "libsvm.order"
    case .base: "libsvm.base"
    case .unseen, .notAnIndex: "model.features"
    }
  }

  package var message: String {
    switch self {
    case .syntax(let offset, let expected, let found):
      "byte \(offset): expected \(expected), found \(EscapedText(found))"
    case .order(let token, let previous):
      "\(EscapedText(token)) follows index \(previous), expected ascending indices"
    case .base: "feature index 0, but the features of the model count from 1"
    case .unseen(let index, let largest):
      "feature \(index), but the model was fitted to features up to \(largest)"
    case .notAnIndex(let feature):
      "the model has the feature \(EscapedText(feature)), which is not an index of a LIBSVM file"
    }
  }

  var suggestion: String {
    switch self {
    case .syntax: "a line is a label, then index:value with spaces between"
    case .order: "sort the features of each row by their index, each at most once"
    case .base: "add 1 to every index, or fit again with indices from 0"
    case .unseen: "fit again with these features, or ignore them with --ignore-unseen"
    case .notAnIndex: "provide the data as a table with the columns of the model"
    }
  }
}

extension FileSignature {
  /// The command that converts the file to a supported format.
  func suggestion(file: String) -> String {
    let word = shellWord(file)
    switch self {
    case .gzip: return "decompress it: gzip -dc \(word) | surprisal ... -"
    case .bzip2: return "decompress it: bzip2 -dc \(word) | surprisal ... -"
    case .xz: return "decompress it: xz -dc \(word) | surprisal ... -"
    case .zstandard: return "decompress it: zstd -dc \(word) | surprisal ... -"
    case .zip: return "unpack it with unzip, or save the worksheet as CSV (UTF-8)"
    case .parquet:
      return "convert it, for instance with pandas: "
        + "python3 -c 'import pandas, sys; pandas.read_parquet(sys.argv[1]).to_csv(sys.stdout, "
        + "index=False)' \(word) > converted.csv"
    case .arrow, .hdf5, .pickle:
      return "save it as CSV or with numpy.save from the program that wrote it"
    case .npy: return "give the file a name that ends in .npy"
    case .pdf: return "save the data as CSV"
    }
  }
}
