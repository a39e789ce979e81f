import SurprisalTables

/// The members of a JSON object, in order, found by key in constant time.
///
/// Keys are one key where `String`s are equal.
public struct JSONObject: Sendable {
  /// The members in the order they came.
  public private(set) var members: [(key: String, value: JSONValue)] = []
  private var positions: [String: Int] = [:]

  /// An object without members.
  public init() {}

  /// The number of members.
  public var count: Int { members.count }

  /// The keys in the order they came.
  public var keys: [String] { members.map(\.key) }

  /// The value of a key. Setting a new key appends it, an old one keeps its place; setting nil
  /// removes the member, in `O(count)`.
  public subscript(key: String) -> JSONValue? {
    get { positions[key].map { members[$0].value } }
    set {
      if let position = positions[key] {
        if let newValue { members[position].value = newValue } else { remove(at: position) }
      } else if let newValue {
        positions[key] = members.count
        members.append((key, newValue))
      }
    }
  }

  private mutating func remove(at position: Int) {
    members.remove(at: position)
    positions = [:]
    for (index, member) in members.enumerated() { positions[member.key] = index }
  }
}

extension JSONObject: Equatable {
  /// Equal members, in whatever order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
  }
}
