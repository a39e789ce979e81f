import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@Suite struct FoldsTests {
  private func data(
    classes: [Int], of classCount: Int = 3, weights: RowWeights = .uniform
  ) throws -> Dataset {
    try Dataset(
      features: Features(classes.indices.map { [Double($0)] }),
      labels: .classes(ClassIndices(classes, classCount: classCount)), weights: weights)
  }

  private func soft(_ count: Int, weights: RowWeights = .uniform) throws -> Dataset {
    try Dataset(
      features: Features((0..<count).map { [Double($0)] }),
      labels: .probabilities(
        ClassProbabilities(
          BlockedMatrix(rows: (0..<count).map { _ in [0.25, 0.75] }, columnCount: 2))),
      weights: weights)
  }

  private func folds(
    _ data: Dataset, _ count: Int, groups: [Int]? = nil, seed: UInt64 = 1
  ) throws -> Folds {
    var generator = SplitMix64(seed: seed)
    return try Folds(of: data, count: count, groups: groups, using: &generator)
  }

  @Test(arguments: [2, 3, 7, 10, 101]) func everyRowIsHeldOutOnce(count: Int) throws {
    let folds = try folds(soft(101), count)
    #expect(folds.dealing == .rows)
    var seen = [Int](repeating: 0, count: 101)
    for fold in 0..<count {
      let (held, training) = (folds.held(in: fold), folds.training(in: fold))
      #expect(held.count == 101 / count || held.count == 101 / count + 1)
      #expect(held == held.sorted() && training == training.sorted())
      #expect(Set(held).union(training) == Set(0..<101) && held.count + training.count == 101)
      for row in held { seen[row] += 1 }
    }
    #expect(seen.allSatisfy { $0 == 1 })
  }

  @Test func classesAreSpreadEvenly() throws {
    let classes = (0..<53).map { $0 < 30 ? 0 : $0 < 46 ? 1 : 2 }
    let folds = try folds(data(classes: classes), 5)
    #expect(folds.dealing == .classes)
    for unit in 0..<3 {
      let counts = (0..<5).map { fold in folds.held(in: fold).count { classes[$0] == unit } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
    }
    let sizes = (0..<5).map { folds.held(in: $0).count }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test func groupsStayWholeAndFoldsAreOfLikeSize() throws {
    let groups = (0..<60).map { $0 < 20 ? 100 : $0 < 30 ? 7 : $0 / 3 }
    let folds = try folds(soft(60), 3, groups: groups)
    #expect(folds.dealing == .groups)
    for group in Set(groups) {
      #expect(Set((0..<60).filter { groups[$0] == group }.map { folds.assignments[$0] }).count == 1)
    }
    for fold in 0..<3 { #expect((19...22).contains(folds.held(in: fold).count)) }
  }

  @Test func theSeedDecides() throws {
    let data = try soft(40)
    #expect(try folds(data, 4) == folds(data, 4))
    #expect(try folds(data, 4) != folds(data, 4, seed: 2))
  }

  /// A row of weight zero has no effect.
  @Test(arguments: [false, true]) func rowsOfWeightZeroChangeNothing(grouped: Bool) throws {
    let kept = (0..<50).filter { $0 % 7 != 3 }
    let weights = (0..<50).map { $0 % 7 == 3 ? 0.0 : 1 }
    let groups = (0..<50).map { $0 / 4 }
    let all = try folds(
      soft(50, weights: .importance(checking: weights)), 4, groups: grouped ? groups : nil)
    let some = try folds(soft(kept.count), 4, groups: grouped ? kept.map { groups[$0] } : nil)
    #expect(kept.map { all.assignments[$0] } == some.assignments)
  }

  /// Every row is equally likely in every fold.
  @Test func assignmentsAreUniform() throws {
    let data = try soft(6)
    var counts = [[Double]](repeating: [0, 0, 0], count: 6)
    for seed in 0..<3000 {
      let folds = try folds(data, 3, seed: UInt64(seed))
      for row in 0..<6 { counts[row][folds.assignments[row]] += 1 }
    }
    // 1000 expected, standard deviation 25.8.
    #expect(counts.allSatisfy { $0.allSatisfy { ($0 - 1000).magnitude < 120 } }, "\(counts)")
  }

  @Test func impossibleFoldsAreRefused() throws {
    let data = try soft(5)
    #expect(throws: DatasetError.folds(count: 1, units: 5, areGroups: false)) {
      try folds(data, 1)
    }
    #expect(throws: DatasetError.folds(count: 6, units: 5, areGroups: false)) {
      try folds(data, 6)
    }
    #expect(throws: DatasetError.folds(count: 3, units: 2, areGroups: true)) {
      try folds(data, 3, groups: [1, 1, 2, 2, 2])
    }
    let zeros = try soft(5, weights: .importance(checking: [1, 0, 0, 1, 0]))
    #expect(throws: DatasetError.folds(count: 3, units: 2, areGroups: false)) {
      try folds(zeros, 3)
    }
  }
}
