import Testing

/// A situation with a documented behaviour, and the tests that show the behaviour.
struct Promise: Sendable, CustomTestStringConvertible {
  /// The test that shows it.
  enum Check: Sendable, Equatable {
    /// Rows of `BadInputTests` that begin with the number.
    case refusals
    /// Cases of `DegenerateFitTests` that begin with the number.
    case fits
    /// Variants of `SameModelTests` that begin with the number.
    case spellings
    /// A test function: the file below Tests without its extension, a point, the name.
    case test(String)
  }

  let number: Int
  let situation: String
  let checks: [Check]

  init(_ number: Int, _ situation: String, _ checks: Check...) {
    (self.number, self.situation, self.checks) = (number, situation, checks)
  }

  var testDescription: String { "\(number) \(situation)" }

  static let all = files + sparse + labels + fits + models + machine
}

extension Promise {
  private static let files = [
    Promise(1, "a file that is missing", .refusals),
    Promise(2, "a folder, a socket", .refusals, .test("CommandTests/Promises/PromiseTests.socket")),
    Promise(3, "a file of no bytes", .refusals),
    Promise(4, "a header alone", .refusals),
    Promise(5, "a byte order mark", .spellings),
    Promise(6, "UTF-16 and UTF-32", .refusals),
    Promise(7, "bytes that are not UTF-8", .refusals, .spellings),
    Promise(8, "NUL bytes", .refusals),
    Promise(9, "line ends of any kind", .spellings),
    Promise(10, "carriage returns alone", .refusals),
    Promise(11, "blank lines", .spellings, .refusals),
    Promise(12, "a short row", .refusals),
    Promise(13, "a long row", .refusals),
    Promise(
      14, "bad rows left out", .spellings, .refusals, .test("CommandTests/OutputTests.rejects")),
    Promise(15, "a quotation mark that is not closed", .refusals),
    Promise(16, "a quotation mark within a field", .refusals),
    Promise(
      17, "a field of 1 GiB", .refusals, .test("CommandTests/Faults/ResourceTests.hugeField")),
    Promise(
      18, "millions of columns", .refusals, .test("CommandTests/Faults/ResourceTests.manyColumns")),
    Promise(19, "columns of the same name", .refusals),
    Promise(20, "a column without a name", .refusals),
    Promise(21, "no header", .refusals),
    Promise(22, "another delimiter", .refusals),
    Promise(23, "decimal commas", .refusals, .spellings),
    Promise(24, "another locale", .test("CommandTests/SameModelTests.environment")),
    Promise(25, "missing cells", .refusals, .spellings),
    Promise(26, "infinite cells", .refusals),
    Promise(27, "cells beyond the largest double", .refusals),
    Promise(28, "cells below the smallest double", .fits, .test("CommandTests/CheckTests.columns")),
    Promise(29, "numbers of other languages", .refusals),
    Promise(30, "spaces round numbers", .spellings),
    Promise(31, "text far down in a column of numbers", .refusals),
    Promise(32, "an identifier as a feature", .refusals),
    Promise(33, "archives and binary files", .refusals),
    Promise(34, "a file that changes", .test("TablesTests/InputFileTests.changed")),
    Promise(35, "input without end", .test("CommandTests/Promises/PromiseTests.endless")),
    Promise(36, "input a byte at a time", .test("CommandTests/SameModelTests.byteByByte")),
    Promise(37, "the standard input twice, no file", .refusals),
    Promise(38, "formulas in names", .test("CommandTests/PredictTests.formulas")),
  ]

  private static let sparse = [
    Promise(39, "indices from 0 or 1", .test("CommandTests/Promises/PromiseTests.indices")),
    Promise(40, "indices that do not ascend", .refusals),
    Promise(41, "huge indices", .refusals),
    Promise(42, "broken pairs", .refusals),
    Promise(43, "queries and comments", .test("CommandTests/Promises/PromiseTests.queries")),
    Promise(
      44, "a feature that the model does not have",
      .test("CommandTests/Promises/PromiseTests.indices")),
    Promise(45, "arrays of no known version", .refusals),
    Promise(46, "an array header of 4 GiB", .refusals),
    Promise(47, "an array header that is code", .refusals),
    Promise(48, "an array shape that overflows", .refusals),
    Promise(49, "arrays of objects and complex numbers", .refusals),
    Promise(50, "arrays cut short or too long", .refusals),
    Promise(51, "arrays of every type and order", .test("TablesTests/NPYReaderTests.types")),
    Promise(52, "labels of another length", .refusals),
    Promise(53, "an archive of arrays", .refusals),
  ]

  private static let labels = [
    Promise(54, "negative shares and counts", .refusals),
    Promise(55, "shares that do not sum to one", .refusals),
    Promise(56, "shares that nearly sum to one", .fits),
    Promise(57, "labels without mass", .refusals, .fits),
    Promise(58, "labels that are no numbers", .refusals),
    Promise(59, "fractions as classes", .refusals),
    Promise(60, "counts as shares", .refusals),
    Promise(61, "fractional counts", .refusals, .fits),
    Promise(62, "counts whose sum overflows", .refusals),
    Promise(63, "an identifier as a class", .refusals),
    Promise(64, "one class", .refusals),
    Promise(
      65, "two classes", .fits,
      .test("EstimationTests/BinomialLogisticTests.agreesWithNewtonOnOneLogit")),
    Promise(66, "a class that does not occur", .refusals),
    Promise(67, "a class of one row", .fits),
    Promise(68, "a class that the model does not know", .refusals),
    Promise(69, "classes of similar names", .fits),
    Promise(70, "weights that are none", .refusals),
    Promise(71, "weights that are all zero", .refusals),
    Promise(72, "rows of weight zero", .spellings),
    Promise(
      73, "an annotator who votes twice", .test("CommandTests/Promises/PromiseTests.votes")),
    Promise(
      74, "annotators of one vote or one answer",
      .test("AnnotationTests/HardVotesTests.annotatorsWithOneVoteEach")),
    Promise(
      75, "items without votes, one annotator",
      .test("AnnotationTests/HardVotesTests.itemsWithoutVotes"),
      .test("AnnotationTests/HardVotesTests.oneAnnotatorOrOneVoteAnItem")),
    Promise(
      76, "a likelihood of votes with several maxima",
      .test("AnnotationTests/AggregationTests.valueNeverFalls"),
      .test("AnnotationTests/DawidSkeneReferenceTests.bothOptimaAreListed")),
  ]

  private static let fits = [
    Promise(77, "complete separation", .fits),
    Promise(78, "separation in part", .fits),
    Promise(79, "shares that are all positive", .fits),
    Promise(80, "a constant column", .fits),
    Promise(81, "dependent columns", .fits),
    Promise(82, "fewer rows than columns", .fits),
    Promise(83, "no row, one row", .refusals, .fits),
    Promise(84, "no features", .fits, .test("CommandTests/DegenerateFitTests.shares")),
    Promise(85, "columns at the ends of the range", .refusals, .fits),
    Promise(
      86, "a column far from zero", .fits, .test("CommandTests/Promises/PromiseTests.offset")),
    Promise(87, "huge logits", .test("CommandTests/PredictTests.hugeLogits")),
    Promise(88, "too few iterations", .fits),
    Promise(
      89, "an objective that is not finite",
      .test("OptimizationTests/SolverTests.saysThatTheStartIsOutside"),
      .test("OptimizationTests/SolverTests.everyStepDecreasesTheValue")),
    Promise(
      90, "a curvature that is singular", .test("CommandTests/DegenerateFitTests.fit"),
      .test("OptimizationTests/SolverTests.curvatureMayBeSingular")),
    Promise(91, "a million rows to one", .test("CommandTests/Promises/PromiseTests.imbalance")),
    Promise(92, "options out of their range", .refusals),
    Promise(93, "very strong and very weak priors", .fits),
    Promise(94, "rows repeated or weighted", .test("CommandTests/DegenerateFitTests.frequencies")),
    Promise(95, "rows and columns in any order", .test("CommandTests/DegenerateFitTests.permuted")),
  ]

  private static let models = [
    Promise(
      96, "a model cut short", .refusals, .test("ModelStoreTests/ModelFileDamageTests.truncation")),
    Promise(
      97, "a model with a flipped bit", .refusals,
      .test("ModelStoreTests/ModelFileDamageTests.flippedBits")),
    Promise(
      98, "a model of a newer version", .test("ModelStoreTests/ModelFileCorruptionTests.version2")),
    Promise(
      99, "a model of an older version", .test("ModelStoreTests/ModelFileGoldenTests.predictions1")),
    Promise(
      100, "a model of wrong values or shapes",
      .test("ModelStoreTests/ModelFileCorruptionTests.version1")),
    Promise(
      101, "a model of a kind that does not exist, such as trees",
      .test("ModelStoreTests/ModelFileCorruptionTests.version1")),
    Promise(
      102, "a model nested a million deep",
      .test("ModelStoreTests/ModelFileCorruptionTests.nesting")),
    Promise(
      103, "a model that claims more bytes than it has",
      .test("ModelStoreTests/NetworkFileTests.headersAreNotTrusted")),
    Promise(104, "a model of lax JSON", .test("ModelStoreTests/ModelFileCorruptionTests.version2")),
    Promise(
      105, "names with control characters", .refusals,
      .test("ModelStoreTests/ModelFileTests.names"),
      .test("ModelStoreTests/ModelFileCorruptionTests.escaping")),
    Promise(
      106, "a model that refers to files or code",
      .test("ModelStoreTests/ModelFileStrictnessTests.members")),
    Promise(
      107, "training rows in a model", .test("ModelStoreTests/ModelInspectionTests.complete")),
    Promise(108, "a model of another tool", .refusals),
  ]

  private static let machine = [
    Promise(
      109, "a full disk", .test("CommandTests/OutputTests.fullOutput"),
      .test("CommandTests/Faults/FaultTests.failingCalls")),
    Promise(110, "a kill while a file is written", .test("CommandTests/Faults/KillTests.kills")),
    Promise(111, "fsync that fails", .test("CommandTests/Faults/FaultTests.failingCalls")),
    Promise(112, "an output that cannot be", .refusals),
    Promise(113, "an output that exists", .refusals, .test("CommandTests/OutputTests.replaced")),
    Promise(
      114, "an output that is an input", .refusals, .test("CommandTests/OutputSetTests.refused")),
    Promise(115, "an output that is a link", .test("CommandTests/OutputTests.link")),
    Promise(
      116, "two processes with one output", .test("CommandTests/Promises/PromiseTests.twoWriters")),
    Promise(
      117, "an interrupt, and a second", .test("CommandTests/OutputTests.interrupted"),
      .test("CommandTests/Promises/PromiseTests.secondInterrupt")),
    Promise(
      118, "other signals", .test("CommandTests/OutputTests.interrupted"),
      .test("CommandTests/OutputTests.givenUp")),
    Promise(119, "a reader that goes away", .test("CommandTests/OutputTests.closedPipe")),
    Promise(120, "a limit on the size of files", .test("CommandTests/OutputTests.fileSizeLimit")),
    Promise(
      121, "a limit on memory", .test("CommandTests/StorageTests.memory"),
      .test("CommandTests/MemoryTests.kept")),
    Promise(
      122, "a training that is resumed",
      .test("CommandTests/NetworkResumeTests.morePassesAreTheLongerRun"),
      .test("CommandTests/NetworkResumeTests.aSignalCostsNothing")),
    Promise(123, "dates and clocks", .test("CommandTests/Promises/PromiseTests.clock")),
    Promise(124, "no home, odd terminals", .test("CommandTests/SameModelTests.environment")),
    Promise(125, "numbers of threads", .refusals, .spellings),
    Promise(
      126, "an error in one of several threads",
      .test("CommandTests/Promises/PromiseTests.threadError")),
  ]
}
