import SurprisalTables

/// The members of a JSON object, in order, found by key in constant time.
///
/// Two keys are the same if their `String`s are equal.
public struct JSONObject: Sendable {
  /// The members in the order they came.
  public private(set) var members: [(key: String, value: JSONValue)] = []
  /// The places of the keys; empty while members are so few that a search is faster.
  private var positions: [String: Int] = [:]
  private static let searchLimit = 12

  /// An object without members.
  public init() {}

  /// The number of members.
  public var count: Int { members.count }

  /// The keys in the order they came.
  public var keys: [String] { members.map(\.key) }

  /// The value of a key. Setting a new key appends it, an old one keeps its place; setting nil
  /// removes the member, in `O(count)`.
  public subscript(key: String) -> JSONValue? {
    get { position(of: key).map { members[$0].value } }
    set {
      if let position = position(of: key) {
        if let newValue { members[position].value = newValue } else { remove(at: position) }
      } else if let newValue {
        members.append((key, newValue))
        if members.count == Self.searchLimit + 1 { number() }
        if members.count > Self.searchLimit { positions[key] = members.count - 1 }
      }
    }
  }

  private func position(of key: String) -> Int? {
    members.count > Self.searchLimit ? positions[key] : members.firstIndex { $0.key == key }
  }

  private mutating func remove(at position: Int) {
    members.remove(at: position)
    number()
  }

  private mutating func number() {
    positions = [:]
    guard members.count > Self.searchLimit else { return }
    for (index, member) in members.enumerated() { positions[member.key] = index }
  }
}

extension JSONObject: Equatable {
  /// Equal members, in whatever order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
  }
}
