import CYAML
import PostgresConfig

/// Writes a tree as YAML text, through libyaml.
///
/// Every text stands in quotes, because a YAML 1.1 reader such as Patroni's takes a bare `no` for
/// a Boolean, `0123` for 83 and `1:30` for 90. See <https://pyyaml.org/wiki/LibYAML>.
public enum YAMLEmitter {
  /// What becomes of the secrets in a tree.
  public enum Secrets: Sendable {
    /// They stand there as they are.
    case revealed
    /// `<redacted>` stands in their place.
    case redacted
  }

  /// libyaml could not write the tree: it ran out of memory, or a text was not Unicode.
  public struct Failure: Error, Equatable, Sendable {
    /// libyaml's own words.
    public let reason: String
  }

  /// The document, with a line feed at its end.
  ///
  /// - Throws: `Failure` when libyaml gives up.
  public static func text(of root: YAMLNode, secrets: Secrets) throws(Failure) -> [UInt8] {
    var output = OutputBuffer()
    var failure: Failure?
    withUnsafeMutablePointer(to: &output) { destination in
      do throws(Failure) {
        try write(root, secrets: secrets, to: destination)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return output.bytes
  }

  private struct OutputBuffer {
    var bytes: [UInt8] = []
  }

  private static func write(
    _ root: YAMLNode,
    secrets: Secrets,
    to destination: UnsafeMutablePointer<OutputBuffer>
  ) throws(Failure) {
    var emitter = yaml_emitter_t()
    guard yaml_emitter_initialize(&emitter) == 1 else { throw Failure(reason: "out of memory") }
    defer { yaml_emitter_delete(&emitter) }
    yaml_emitter_set_unicode(&emitter, 1)
    yaml_emitter_set_width(&emitter, -1)
    yaml_emitter_set_output(
      &emitter,
      { context, bytes, count in
        guard let context, let bytes else { return 0 }
        context.assumingMemoryBound(to: OutputBuffer.self).pointee.bytes
          .append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        return 1
      },
      destination
    )

    try emit(&emitter) { yaml_stream_start_event_initialize($0, YAML_UTF8_ENCODING) }
    try emit(&emitter) { yaml_document_start_event_initialize($0, nil, nil, nil, 1) }
    try emit(&emitter, root.content, secrets: secrets)
    try emit(&emitter) { yaml_document_end_event_initialize($0, 1) }
    try emit(&emitter) { yaml_stream_end_event_initialize($0) }
  }

  /// Looks at nothing but keys and contents: a copy of a node has its sources, too, and costs a start
  /// more than all that is written.
  private static func emit(
    _ emitter: inout yaml_emitter_t,
    _ content: YAMLNode.Content,
    secrets: Secrets
  ) throws(Failure) {
    switch content {
    case .string(let text):
      try emit(&emitter, scalar: text, style: quotes(for: text))
    case .secret(let secret):
      let text = secrets == .revealed ? secret.reveal() : Secret.redacted
      try emit(&emitter, scalar: text, style: quotes(for: text))
    case .plain(let text, _):
      try emit(&emitter, scalar: text, style: YAML_PLAIN_SCALAR_STYLE)
    case .sequence(let items):
      let style = items.isEmpty ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
      try emit(&emitter) { yaml_sequence_start_event_initialize($0, nil, nil, 1, style) }
      for index in items.indices {
        try emit(&emitter, items[index].content, secrets: secrets)
      }
      try emit(&emitter) { yaml_sequence_end_event_initialize($0) }
    case .mapping(let mapping):
      let style = mapping.isEmpty ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
      try emit(&emitter) { yaml_mapping_start_event_initialize($0, nil, nil, 1, style) }
      let entries = mapping.entries
      for index in entries.indices {
        let key = entries[index].key
        try emit(&emitter, scalar: key, style: keyStyle(for: key))
        try emit(&emitter, entries[index].value.content, secrets: secrets)
      }
      try emit(&emitter) { yaml_mapping_end_event_initialize($0) }
    }
  }

  private static func emit(
    _ emitter: inout yaml_emitter_t,
    scalar text: String,
    style: yaml_scalar_style_t
  ) throws(Failure) {
    var text = text
    var isEvent = false
    var event = yaml_event_t()
    text.withUTF8 { bytes in
      isEvent =
        yaml_scalar_event_initialize(
          &event,
          nil,
          nil,
          bytes.baseAddress,
          Int32(bytes.count),
          1,
          1,
          style
        ) == 1
    }
    guard isEvent else { throw Failure(reason: "text is not valid UTF-8, or out of memory") }
    try emit(&emitter, &event)
  }

  private static func emit(
    _ emitter: inout yaml_emitter_t,
    _ initialize: (UnsafeMutablePointer<yaml_event_t>) -> Int32
  ) throws(Failure) {
    var event = yaml_event_t()
    guard initialize(&event) == 1 else { throw Failure(reason: "out of memory") }
    try emit(&emitter, &event)
  }

  private static func emit(
    _ emitter: inout yaml_emitter_t,
    _ event: inout yaml_event_t
  ) throws(Failure) {
    guard yaml_emitter_emit(&emitter, &event) == 1 else {
      throw Failure(reason: emitter.problem.map { String(cString: $0) } ?? "out of memory")
    }
  }

  /// Single quotes where they can carry the text, escapes for the rest: between single quotes a
  /// reader folds line separators into spaces.
  private static func quotes(for text: String) -> yaml_scalar_style_t {
    // Nearly every text is printable ASCII, and bytes are faster to look through.
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    let needsEscapes =
      !isPlain
      && text.unicodeScalars.contains { scalar in
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029: true
        default: false
        }
      }
    return needsEscapes ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_SINGLE_QUOTED_SCALAR_STYLE
  }

  private static func keyStyle(for key: String) -> yaml_scalar_style_t {
    let isBare =
      key.utf8.first.map { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") } == true
      && key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
      }
    return isBare && !isWord(key) ? YAML_PLAIN_SCALAR_STYLE : quotes(for: key)
  }

  /// Whether a reader would take the key for something else than text.
  private static func isWord(_ key: String) -> Bool {
    key.utf8.count <= 5
      && ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(key)
  }
}
