/// The value of `output_plugin_libraries`: which libraries a server allows as plug-ins of logical decoding.
///
/// See
/// <https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-OUTPUT-PLUGIN-LIBRARIES>.
public struct OutputPlugins: Sendable {
  /// The parameter's name.
  public static let parameter = "output_plugin_libraries"

  private let names: [ArraySlice<UInt8>]

  /// Reads names separated by commas, in quotes or without.
  public init(parsing text: String) {
    let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    let quote = UInt8(ascii: "\"")
    names = Array(text.utf8).split(separator: UInt8(ascii: ",")).map { item in
      var name = item.drop(while: isBlank)
      while let last = name.last, isBlank(last) { name = name.dropLast() }
      let isQuoted = name.count > 1 && name.first == quote && name.last == quote
      return isQuoted ? name.dropFirst().dropLast() : name
    }
  }

  /// Those that Citus moves and splits shards by, as far as they are not in the list.
  public var missingForCitus: [String] {
    ["pgoutput", "citus"].filter { name in
      !names.contains { $0.elementsEqual(name.utf8) }
    }
  }
}
