import ArgumentParser

extension Option {
  /// An option with the name of its value and its help; nil if it is not given.
  init<T: ExpressibleByArgument>(
    _ valueName: String, _ help: String, name: NameSpecification = .long,
    parsing: SingleValueParsingStrategy = .next
  ) where Value == T? {
    self.init(name: name, parsing: parsing, help: ArgumentHelp(help, valueName: valueName))
  }

  /// An option that may be given again.
  init<T: ExpressibleByArgument>(
    wrappedValue: [T], _ valueName: String, _ help: String, name: NameSpecification = .long
  ) where Value == [T] {
    self.init(
      wrappedValue: wrappedValue, name: name, help: ArgumentHelp(help, valueName: valueName))
  }
}

extension Option where Value: ExpressibleByArgument {
  /// An option that must be given.
  init(_ valueName: String, _ help: String, name: NameSpecification = .long) {
    self.init(name: name, help: ArgumentHelp(help, valueName: valueName))
  }

  /// An option with a default.
  init(
    wrappedValue: Value, _ valueName: String, _ help: String, name: NameSpecification = .long
  ) {
    self.init(
      wrappedValue: wrappedValue, name: name, help: ArgumentHelp(help, valueName: valueName))
  }
}

extension NameSpecification {
  /// `-o` and `--output`.
  static var output: NameSpecification { [.customShort("o"), .customLong("output")] }
}
