import Foundation
import Surprisal

/// Where a report goes: a page, and a folder of figures.
struct ReportFiles {
  /// The page; nil or `-` for the standard output.
  let page: String?
  /// The folder; nil for none.
  let folder: String?
  let noClobber: Bool
  let writer: DelimitedWriter

  /// Checks before the work begins; makes the folder.
  func checkWritable(notSameAs inputs: [InputFile]) throws {
    if let page, page != "-" {
      try AtomicFile(page, noClobber: noClobber).checkWritable(notSameAs: inputs)
    }
    guard let folder else { return }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw FileError.cannotCreate(file: folder, reason: "it is a file, not a folder")
      }
    } else {
      try makeFolder(folder)
    }
  }

  private func makeFolder(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError.cannotCreate(file: folder, reason: "the folder cannot be made")
    }
  }

  /// Writes the page.
  func write(page text: String) throws {
    if let page, page != "-" {
      try AtomicFile(page, noClobber: noClobber).write(text)
    } else {
      var output = OutputFile()
      try output.write(text)
      try output.close()
    }
  }

  /// Writes a picture and a table for each figure.
  func write(figures: [any Figure]) throws {
    guard let folder else { return }
    for figure in figures {
      let path = folder.hasSuffix("/") ? folder + figure.name : "\(folder)/\(figure.name)"
      try AtomicFile(path + ".svg", noClobber: noClobber).write(figure.svg())
      try AtomicFile(path + ".csv", noClobber: noClobber).write(
        figure.table.csv(writer: writer))
    }
  }
}
