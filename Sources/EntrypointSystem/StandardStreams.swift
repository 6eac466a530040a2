import CSystem

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

  /// Whether a person looks at standard output.
  public static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}
