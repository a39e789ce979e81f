#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The calls of the operating system for reading and writing, with errors as values.
enum Platform {
  /// The system's text for an error number.
  static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }

  /// The last error number of this thread.
  static var lastError: Int32 { errno }

  /// `read(2)`, repeated if a signal interrupts it.
  package static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      #if canImport(Darwin)
        let count = Darwin.read(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
      #else
        let count = Glibc.read(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
      #endif
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// `pread(2)`, repeated if a signal interrupts it.
  package static func read(
    _ descriptor: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    while true {
      #if canImport(Darwin)
        let count = Darwin.pread(
          descriptor, buffer.baseAddress, min(buffer.count, 1 << 30), off_t(offset))
      #elseif canImport(Musl)
        let count = Musl.pread(
          descriptor, buffer.baseAddress, min(buffer.count, 1 << 30), off_t(offset))
      #else
        let count = Glibc.pread(
          descriptor, buffer.baseAddress, min(buffer.count, 1 << 30), off_t(offset))
      #endif
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// `write(2)` until all is written; the error number, or nil.
  static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32? {
    var rest = bytes
    while !rest.isEmpty {
      #if canImport(Darwin)
        let count = Darwin.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
      #else
        let count = Glibc.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      // A device that accepts no bytes would cause an endless loop.
      if count == 0 { return EIO }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return nil
  }

  /// `open(2)`, repeated if a signal interrupts it.
  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o666) -> Int32 {
    while true {
      #if canImport(Darwin)
        let descriptor = Darwin.open(path, flags | O_CLOEXEC, mode)
      #elseif canImport(Musl)
        let descriptor = Musl.open(path, flags | O_CLOEXEC, mode)
      #else
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, mode)
      #endif
      if descriptor >= 0 || errno != EINTR { return descriptor }
    }
  }

  /// `close(2)`; the error number, or nil. Never repeated: the descriptor is released either way.
  @discardableResult
  static func close(_ descriptor: Int32) -> Int32? {
    #if canImport(Darwin)
      let status = Darwin.close(descriptor)
    #elseif canImport(Musl)
      let status = Musl.close(descriptor)
    #else
      let status = Glibc.close(descriptor)
    #endif
    return status == 0 || errno == EINTR ? nil : errno
  }

  /// The names in a folder; none if it cannot be read.
  static func names(inFolder path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
