import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalTables

extension DataCheck {
  /// The findings as one JSON object.
  public var json: JSONValue {
    var object = JSONObject()
    object["file"] = .string(table.file)
    object["rows"] = .integer(table.rowCount)
    object["rejected_rows"] = .integer(table.rejectedRowCount)
    object["missing_cells"] = .integer(table.missingCount)
    object["columns"] = .array(table.columns.map(json(of:)))
    object["labels"] = dataset.map(labels(of:)) ?? .null
    object["design"] = dataset.map(design(of:)) ?? .null
    object["existence"] = dataset.map(existence(of:)) ?? .null
    object["warnings"] = .array(
      remarks.map { .members(["code": .string($0.code), "message": .string($0.message)]) })
    object["can_be_fitted"] = dataset == nil && problem == nil ? .null : .bool(problem == nil)
    object["error"] = problem.map(json(of:)) ?? .null
    object["next"] = JSONValue(next)
    return .object(object)
  }

  private func json(of problem: any LocatedError) -> JSONValue {
    .members([
      "code": .string(problem.code), "message": .string(problem.message),
      "details": .strings(problem.details), "cure": JSONValue(problem.suggestion),
    ])
  }

  private func json(of column: ColumnProfile) -> JSONValue {
    var object = JSONObject()
    object["name"] = .string(column.name)
    object["position"] = .integer(column.position)
    object["role"] = .string(column.role.rawValue)
    object["missing"] = .integer(column.missingCount)
    object["constant"] = .bool(column.isConstant)
    switch column.content {
    case .numbers(let numbers, let others):
      if others > 0 { object["not_numbers"] = .integer(others) }
      object["type"] = .string("number")
      object["minimum"] = JSONValue(numbers.minimum)
      object["maximum"] = JSONValue(numbers.maximum)
      object["mean"] = JSONValue(numbers.mean)
      object["whole"] = .bool(numbers.areWhole)
      object["subnormals"] = .integer(numbers.subnormalCount)
    case .text(let levelCount, let commonest, let count):
      object["type"] = .string("text")
      object["levels"] = .integer(levelCount)
      object["commonest"] = .string(commonest)
      object["commonest_count"] = .integer(count)
    case .nothing: object["type"] = .null
    }
    return .object(object)
  }

  private func labels(of dataset: DatasetProfile) -> JSONValue {
    .members([
      "kind": .string(dataset.labelKind.rawValue),
      "rows": .integer(dataset.rowCount),
      "weightless_rows": .integer(dataset.weightlessRowCount),
      "soft_rows": .integer(dataset.softRowCount),
      "total_weight": JSONValue(dataset.totalWeight),
      "label_entropy": JSONValue(dataset.labelEntropy),
      "null_cross_entropy": JSONValue(dataset.nullCrossEntropy),
      "classes": .array(
        dataset.classes.map {
          .members([
            "class": .string($0.name), "rows": .integer($0.rowCount), "mass": JSONValue($0.weight),
          ])
        }),
    ])
  }

  private func design(of dataset: DatasetProfile) -> JSONValue {
    .members([
      "columns": .strings(dataset.columnNames),
      "bases": .array(
        dataset.bases.map {
          .members(["column": .string($0.column), "level": .string($0.level)])
        }),
      "rank": .integer(dataset.rank),
      "aliased": .array(dataset.aliased.map { json(of: $0, in: dataset.columnNames) }),
    ])
  }

  private func json(of aliased: ColumnDependencies.Aliased, in names: [String]) -> JSONValue {
    .members([
      "column": .string(names[aliased.column]),
      "constant": JSONValue(aliased.interceptCoefficient),
      "terms": .array(
        aliased.combination.map {
          .members([
            "column": .string(names[$0.column]), "coefficient": JSONValue($0.coefficient),
          ])
        }),
    ])
  }

  private func existence(of dataset: DatasetProfile) -> JSONValue {
    switch dataset.existence {
    case nil: return .null
    case .attained(let proof)?:
      return .members(["verdict": .string("attained"), "proof": .string(proof.word)])
    case .undecided(let reason)?:
      return .members(["verdict": .string("undecided"), "reason": .string(reason.sentence)])
    case .separated(let separation)?:
      let groups = separation.classGroups.map { group in
        JSONValue.strings(group.map { dataset.classes[$0].name })
      }
      let columns = separation.columns.map { dataset.columnNames[dataset.kept[$0]] }
      return .members([
        "verdict": .string("separated"),
        "kind": .string(separation.kind == .complete ? "complete" : "quasi-complete"),
        "separated_rows": .integer(separation.separatedRowCount),
        "rows": .integer(separation.rowCount),
        "groups": .array(groups),
        "columns": .strings(columns),
        "intercept": .bool(separation.involvesIntercept),
        "infinite_coefficients": .integer(separation.infiniteCount),
      ])
    }
  }
}

extension Existence.ExistenceProof {
  /// The proof as one word.
  var word: String {
    switch self {
    case .fullSupport: "full_support"
    case .knownClasses: "known_classes"
    case .sharedSupport: "shared_support"
    case .fittedPoint: "fitted_point"
    case .exactArithmetic: "exact_arithmetic"
    case .aboveAllLimits: "above_all_limits"
    case .linearProgram: "linear_program"
    }
  }
}
