extension InterchangeError.NPYProblem {
  var code: String {
    switch self {
    case .magic: "npy.magic"
    case .header: "npy.header"
    case .shape: "npy.shape"
    case .elementType: "npy.dtype"
    case .size: "npy.size"
    case .inexactInteger: "number.inexact"
    }
  }

  var message: String {
    switch self {
    case .magic(let found): "not an array file of version 1, 2 or 3: \(found)"
    case .header(let reason): "the header of the array cannot be read: \(reason)"
    case .shape(let reason): "the shape of the array cannot be read: \(reason)"
    case .elementType(let found): "arrays of type \(Excerpt(found)) are not read"
    case .size(let expected, let found):
      "the array needs \(expected) bytes after its header, the file has \(found)"
    case .inexactInteger(let index, let value):
      "element \(index) is the integer \(value), which no double equals"
    }
  }

  var cure: String? {
    switch self {
    case .magic: "write the array with numpy.save"
    case .elementType: "convert it: numpy.save('converted.npy', array.astype('float64'))"
    case .inexactInteger: "integers beyond 2^53 are identifiers: leave the column out"
    default: nil
    }
  }
}

extension InterchangeError.JSONProblem {
  var code: String {
    switch self {
    case .syntax: "json.syntax"
    case .duplicateKey: "json.duplicate"
    case .numberOverflow: "json.number"
    case .depth: "json.depth"
    case .invalidUTF8: "json.utf8"
    case .loneSurrogate: "json.surrogate"
    }
  }

  var message: String {
    switch self {
    case .syntax(let expected, let found): "expected \(expected), found \(found)"
    case .duplicateKey(let key): "the key \(Excerpt(key)) stands in one object twice"
    case .numberOverflow(let text): "\(Excerpt(text)) is beyond the largest double"
    case .depth(let limit): "brackets nested deeper than \(limit)"
    case .invalidUTF8: "not UTF-8"
    case .loneSurrogate: "half of a surrogate pair"
    }
  }
}
