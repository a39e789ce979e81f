import SurprisalLinearAlgebra

/// The votes of all cells in pieces that threads share: a cell with many votes is several segments.
/// The pieces depend on the data alone.
struct VoteSegments: Sendable {
  /// The most votes in a segment.
  private static let longest = 4096
  /// About how many votes, or segments without any, make a task.
  private static let taskSize = 8192

  /// The number of segments; every cell has one at least.
  var count: Int { starts.count - 1 }
  /// The number of tasks.
  var taskCount: Int { taskStarts.count - 1 }

  private var starts: [Int]
  /// The cell of each segment; nil if each cell is one.
  private var cells: [UInt32]?
  private let cellCount: Int
  private var taskStarts = [0]

  init(_ votes: Votes) {
    cellCount = votes.cellStarts.count - 1
    starts = votes.cellStarts
    if (0..<cellCount).contains(where: { votes.range(ofCell: $0).count > Self.longest }) {
      var (pieces, owners) = ([0], [UInt32]())
      for cell in 0..<cellCount {
        let range = votes.range(ofCell: cell)
        var start = range.lowerBound
        repeat {
          start = min(start + Self.longest, range.upperBound)
          pieces.append(start)
          owners.append(UInt32(truncatingIfNeeded: cell))
        } while start < range.upperBound
      }
      (starts, cells) = (pieces, owners)
    }
    var work = 0
    for segment in 0..<count {
      work += 1 + starts[segment + 1] - starts[segment]
      if work >= Self.taskSize {
        taskStarts.append(segment + 1)
        work = 0
      }
    }
    if taskStarts[taskStarts.count - 1] < count { taskStarts.append(count) }
  }

  @inline(__always)
  func votes(ofSegment segment: Int) -> Range<Int> { starts[segment]..<starts[segment + 1] }

  func segments(ofTask task: Int) -> Range<Int> { taskStarts[task]..<taskStarts[task + 1] }

  /// Sums by segment, `width` each, added up by cell in their order.
  func merged(_ parts: [Double], width: Int) -> [Double] {
    guard let cells else { return parts }
    var result = [Double](repeating: 0, count: cellCount * width)
    for (segment, cell) in cells.enumerated() {
      for k in 0..<width { result[Int(cell) * width + k] += parts[segment * width + k] }
    }
    return result
  }
}
