/// Files as a whole, and delimited text.
extension BadInput {
  private static let tiny = "x,class\n1,a\n2,b\n3,a\n4,b\n"

  static let files: [BadInput] = [
    BadInput(
      "1 missing file", files: ["iris.csv": tiny], type: "fit iris.cvs --target class -o m.json",
      exit: 66, "io.open", "did you mean \"iris.csv\"?"),
    BadInput(
      "1 missing folder", type: "fit none/iris.csv --target class -o m.json", exit: 66, "io.open",
      "there is no such file"),
    BadInput(
      "2 a directory", files: ["folder/": ""], type: "fit folder --target class -o m.json",
      exit: 66,
      "io.open", "it is a directory"),
    BadInput("3 no bytes", "", "data.empty", "data.csv is empty"),
    BadInput("3 blank lines only", "\n\n\r\n", "data.empty", "data.csv"),
    BadInput("4 header only", "x,class\n", "data.norows", "data.csv"),
    BadInput("4 header only, no line end", "x,class", "data.norows", "data.csv"),
    BadInput(
      "4 check, header only", "x,class\n", type: "check data.csv", "data.norows", "data.csv"),
    BadInput(
      "6 UTF-16, little end first", bytes: [0xFF, 0xFE, 0x78, 0, 0x2C, 0], "encoding.utf16",
      ["iconv -f UTF-16"]),
    BadInput(
      "6 UTF-16, big end first", bytes: [0xFE, 0xFF, 0, 0x78, 0, 0x2C], "encoding.utf16",
      ["iconv -f UTF-16"]),
    BadInput(
      "6 UTF-32", bytes: [0xFF, 0xFE, 0, 0, 0x78, 0, 0, 0], "encoding.utf16", ["iconv -f UTF-32"]),
    BadInput(
      "7 Latin-1 in a cell",
      bytes: Array("x,s,class\n1,a,a\n2,\u{1}".utf8.dropLast()) + [0xE9]
        + Array(",b\n".utf8), "encoding.utf8", ["line 3", "\"s\"", "byte 18"]),
    BadInput(
      "7 Latin-1 in the header", bytes: [0xE9] + Array(",class\n1,a\n2,b\n".utf8), "encoding.utf8",
      ["line 1", "byte 0"]),
    BadInput(
      "8 NUL", bytes: Array("x,class\n1,a\n2".utf8) + [0] + Array(",b\n".utf8), "csv.nul",
      ["line 3", "byte 13"]),
    BadInput(
      "10 old Mac line ends", "x,class\r1,a\r2,b\r", "csv.cr", "line 1", "old Mac", "tr '\\r'"),
    BadInput(
      "17 a field beyond 1 MiB", "x,class\n" + String(repeating: "1", count: 1_100_000) + ",a\n",
      "limit.field", "line 2", "--max-field"),
    BadInput(
      "17 a record beyond the limit", "x,y,class\n1,2,a\n" + "1111111111,2222222222,b\n",
      type: "fit data.csv --target class -o m.json --max-record 20", "limit.record", "line 3",
      "--max-record"),
    BadInput(
      "18 too many columns", "a,b,c,class\n1,2,3,u\n",
      type: "fit data.csv --target class -o m.json --max-columns 3", "limit.columns",
      "--max-columns"),
    BadInput(
      "33 gzip", bytes: [0x1F, 0x8B, 8, 0, 0, 0], "format.unsupported", ["gzip", "gzip -dc"]),
    BadInput("33 zip", bytes: Array("PK\u{3}\u{4}xxxx".utf8), "format.unsupported", ["ZIP"]),
    BadInput("33 Parquet", bytes: Array("PAR1xxxx".utf8), "format.unsupported", ["Parquet"]),
    BadInput(
      "33 pickle", bytes: [0x80, 4, 0x95, 0, 0, 0], "format.unsupported", ["pickle"]),
    BadInput(
      "45 text called npy", files: ["x.npy": "1,2\n3,4\n"],
      type: "fit x.npy --labels data.csv --target class -o m.json", "npy.magic", "x.npy"),
  ]

  static let text: [BadInput] = [
    BadInput(
      "11 one column, a blank cell is missing", "class\na\n\nb\n", "label.value", "line 3",
      "name of a class"),
    BadInput(
      "12 short row", "x,y,class\n1,2,a\n3,4\n", "csv.ragged", "row 2", "line 3", "2 fields",
      "expected 3", "\"class\""),
    BadInput(
      "12 short row after a quoted line end", "x,y,class\n1,\"u\nv\",a\n3,4\n", "csv.ragged",
      "row 2", "line 4"),
    BadInput(
      "12 empty line end row of spaces", "x,y,class\n1,2,a\n   \n", "csv.ragged", "row 2", "line 3"),
    BadInput("13 long row", "x,class\n1,a\n2,b,9\n", "csv.ragged", "row 2", "line 3", "3 fields"),
    BadInput(
      "15 unclosed quote", "x,s,class\n1,u,a\n2,\"v,b\n3,w,a\n", "csv.quote", "line 3", "\"s\"",
      "not closed"),
    BadInput(
      "16 quote within", "x,s,class\n1,5\" disk,a\n", "csv.quote", "line 2", "--lazy-quotes"),
    BadInput("16 text after a quote", "x,s,class\n1,\"u\"v,a\n", "csv.quote", "line 2"),
    BadInput(
      "19 two names alike", "x,x,class\n1,2,a\n", "csv.dupcolumn", "1, 2", "--dedupe-headers"),
    BadInput("20 no name", "x,,class\n1,2,a\n", "csv.emptyname", "line 1", "column 2"),
    BadInput("21 no header", "5.1,1\n4.9,2\n", "csv.noheader", "line 1", "--no-header"),
    BadInput(
      "22 semicolons", "x;y;class\n1;2;a\n3;4;b\n", "csv.delimiter", "--delimiter ';'"),
    BadInput("22 tabs", "x\ty\tclass\n1\t2\ta\n3\t4\tb\n", "csv.delimiter", "--delimiter tab"),
    BadInput(
      "105 escapes of a terminal", "x,class\n1,a\n2,\u{1B}[31mb,3\n", "csv.ragged", "row 2"),
    BadInput(
      "105 escapes in a name", "\u{1B}[31mx,\u{1B}[31mx,class\n1,2,a\n", "csv.dupcolumn", "\\u{1b}"),
  ]
}
