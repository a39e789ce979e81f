import SurprisalTables

extension FileSignature {
  /// The command that turns the file into one that is read.
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
      return "save it as CSV or with numpy.save from the program it is of"
    case .npy: return "give the file a name that ends in .npy"
    case .pdf: return "save the data as CSV"
    }
  }
}
