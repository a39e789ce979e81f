import SurprisalTables

/// The members of a JSON object, in order, with lookup by key in constant time.
///
/// Two keys are equal if their `String`s are.
public struct JSONObject: Sendable {
  /// The members in the order of insertion.
  public private(set) var members: [(key: String, value: JSONValue)] = []
  /// The positions of the keys; empty while there are so few members that a linear search is
  /// faster.
  private var positions: [String: Int] = [:]
  private static let searchLimit = 12

  /// An object without members.
  public init() {}

  /// The number of members.
  public var count: Int { members.count }

  /// The keys in the order of insertion.
  public var keys: [String] { members.map(\.key) }

  /// The value of a key. Setting a new key appends it, an existing key keeps its position; setting
  /// nil removes the member, in `O(count)`.
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
  /// Whether members are equal, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
  }
}
