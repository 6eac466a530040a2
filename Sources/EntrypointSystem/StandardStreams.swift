import CSystem
import EntrypointCore

/// Output without a buffer: nothing is lost when the process becomes another program.
public enum StandardStreams {
  /// Writes to standard output; false when the reader is gone or the disk is full.
  public static func output(_ bytes: [UInt8]) -> Bool { writeAll(bytes, to: STDOUT_FILENO) }

  /// Writes to standard error.
  ///
  /// That this could fail is nothing that could be told.
  public static func error(_ text: String) {
    _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
  }

  /// The terminal on standard output, with colour unless <https://no-color.org> or its kind forbids it.
  public static var terminal: Terminal {
    let columns = csystem_columns(STDOUT_FILENO)
    guard columns >= 0 else { return .absent }
    let noColour = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let isDumb = getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? false
    return Terminal(columns: Int(columns), hasColour: !noColour && !isDumb)
  }
}
