import CYAML

/// One thing that stands in a YAML text, in the order of the text.
struct YAMLEvent {
  enum Kind {
    case documentStart
    case documentEnd
    case streamEnd
    /// `isPlain` says that the text's look decides what it is: it stands without quotes and without
    /// a tag, or behind the tag `!`.
    case scalar(String, isPlain: Bool)
    case alias
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
    case other
  }

  let kind: Kind
  /// The tag in its long form.
  var tag: String?
  /// The anchor's name, or the one that an alias refers to.
  var anchor: String?
  let origin: YAMLOrigin
}

/// What is wrong with a text, and where.
public struct YAMLFault: Error, Equatable, Sendable {
  /// Where the fault is.
  public let origin: YAMLOrigin
  /// One factual line in lower case, without a full stop.
  public let message: String
  /// Sentences with the facts behind the message.
  public let detail: String?
}

/// Reads a text with libyaml, event by event.
///
/// See <https://pyyaml.org/wiki/LibYAML>.
struct YAMLEventStream: ~Copyable {
  let document: String
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeBufferPointer<UInt8>

  /// `input` must stay valid as long as the stream is used.
  init(_ input: UnsafeBufferPointer<UInt8>, document: String) throws(YAMLFault) {
    self.document = document
    self.input = input
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw YAMLFault(
        origin: YAMLOrigin(document: document, line: 1, column: 1),
        message: "could not be read: out of memory",
        detail: nil
      )
    }
    // Said beforehand, because Patroni reads its files as UTF-8, whatever they begin with.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  mutating func next() throws(YAMLFault) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw fault() }
    defer { yaml_event_delete(&event) }
    let origin = origin(event.start_mark)
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, origin: origin)
    case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, origin: origin)
    case YAML_STREAM_END_EVENT: return YAMLEvent(kind: .streamEnd, origin: origin)
    case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, origin: origin)
    case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, origin: origin)
    case YAML_ALIAS_EVENT:
      return YAMLEvent(kind: .alias, anchor: text(event.data.alias.anchor), origin: origin)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return YAMLEvent(
        kind: .sequenceStart,
        tag: tag(start.tag),
        anchor: text(start.anchor),
        origin: origin
      )
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return YAMLEvent(
        kind: .mappingStart,
        tag: tag(start.tag),
        anchor: text(start.anchor),
        origin: origin
      )
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return YAMLEvent(
        kind: .scalar(
          String(decoding: value, as: UTF8.self),
          isPlain: scalar.plain_implicit == 1
            || scalar.tag.map { $0.pointee == 0x21 && $0[1] == 0 } == true
        ),
        tag: tag(scalar.tag),
        anchor: text(scalar.anchor),
        origin: origin
      )
    default: return YAMLEvent(kind: .other, origin: origin)
    }
  }

  private func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    bytes.map { String(cString: $0) }
  }

  /// Nil for the tag `!`, which only says that there is no other one.
  private func tag(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text(bytes).flatMap { $0 == "!" ? nil : $0 }
  }

  private func origin(_ mark: yaml_mark_t) -> YAMLOrigin {
    YAMLOrigin(document: document, line: mark.line + 1, column: mark.column + 1)
  }

  /// libyaml's own words, which are lower case and without a full stop.
  private func fault() -> YAMLFault {
    let parser = parser.pointee
    let problem = parser.problem.map { String(cString: $0) } ?? "out of memory"
    guard parser.error != YAML_READER_ERROR else {
      return YAMLFault(
        origin: origin(atByte: parser.problem_offset),
        message: "cannot be read: \(problem)",
        detail: parser.problem_value < 0
          ? nil : "The character code is \(parser.problem_value)."
      )
    }
    // libyaml says "found character that cannot start any token", which names neither.
    if parser.error == YAML_SCANNER_ERROR, parser.buffer.pointer?.pointee == 0x09 {
      return YAMLFault(
        origin: origin(parser.problem_mark),
        message: "cannot be read as YAML: a tab is used where only spaces are allowed",
        detail: "YAML is indented with spaces."
      )
    }
    let context = parser.context.map { String(cString: $0) }
    return YAMLFault(
      origin: origin(parser.problem_mark),
      message: "cannot be read as YAML: \(problem)",
      detail: context.map { "Met \($0) that begins in line \(parser.context_mark.line + 1)." }
    )
  }

  private func origin(atByte offset: Int) -> YAMLOrigin {
    let before = input[..<min(offset, input.count)]
    let start = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    let line = before.reduce(1) { $1 == 0x0a ? $0 + 1 : $0 }
    let characters = before[start...].filter { $0 & 0xc0 != 0x80 }.count
    return YAMLOrigin(document: document, line: line, column: characters + 1)
  }
}
