internal import CLibYAML

/// The owner of a libyaml parser: gives the events of one text in order.
///
/// The text must stay where it is as long as the source lives.
@safe struct YAMLEventSource: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let isReady: Bool

    init(_ text: UnsafeBufferPointer<UInt8>) {
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        isReady = unsafe yaml_parser_initialize(parser) == 1
        guard isReady else { return }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        if isReady { unsafe yaml_parser_delete(parser) }
        unsafe parser.deallocate()
    }

    /// The next event.
    ///
    /// - Throws: ``YAMLProblem`` where the text is no YAML; the source is of no use after it.
    mutating func next() throws(YAMLProblem) -> YAMLEvent {
        guard isReady else {
            throw YAMLProblem(problem: "out of memory", context: "", offset: 0)
        }
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe YAMLEvent(
            content: Self.content(event),
            start: Self.mark(event.start_mark),
            end: Self.mark(event.end_mark)
        )
    }

    // The pointers in an event are alive until it is deleted, which is after this copy was made.
    private static func content(_ event: yaml_event_t) -> YAMLEvent.Content {
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_STREAM_END_EVENT: .streamEnd
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: .collectionEnd
        case YAML_ALIAS_EVENT: unsafe .alias(string(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT: unsafe scalar(event.data.scalar)
        case YAML_SEQUENCE_START_EVENT:
            unsafe .listStart(
                properties(event.data.sequence_start.anchor, event.data.sequence_start.tag)
            )
        case YAML_MAPPING_START_EVENT:
            unsafe .mapStart(
                properties(event.data.mapping_start.anchor, event.data.mapping_start.tag)
            )
        default: .nothing
        }
    }

    private static func scalar(
        _ scalar: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar
    ) -> YAMLEvent.Content {
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let style: YAMLEvent.Style =
            switch unsafe scalar.style {
            case YAML_PLAIN_SCALAR_STYLE: .plain
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            default: .block
            }
        return unsafe .scalar(
            text: String(decoding: bytes, as: UTF8.self),
            style: style,
            properties(scalar.anchor, scalar.tag)
        )
    }

    private static func properties(
        _ anchor: UnsafeMutablePointer<yaml_char_t>?,
        _ tag: UnsafeMutablePointer<yaml_char_t>?
    ) -> YAMLEvent.Properties {
        unsafe YAMLEvent.Properties(anchor: string(anchor), tag: string(tag))
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let text = unsafe text else { return nil }
        return unsafe String(cString: text)
    }

    private static func mark(_ mark: yaml_mark_t) -> YAMLEvent.Mark {
        YAMLEvent.Mark(line: Int(clamping: mark.line), column: Int(clamping: mark.column))
    }

    /// What libyaml says about its error; its texts are constants.
    private var problem: YAMLProblem {
        let error = unsafe parser.pointee.error
        let hasMark = error == YAML_SCANNER_ERROR || error == YAML_PARSER_ERROR
        let context = unsafe parser.pointee.context.map { unsafe String(cString: $0) }
        return unsafe YAMLProblem(
            problem: parser.pointee.problem.map { unsafe String(cString: $0) } ?? "out of memory",
            context: context ?? "",
            mark: hasMark ? Self.mark(parser.pointee.problem_mark) : nil,
            contextMark: hasMark && context != nil
                ? Self.mark(parser.pointee.context_mark) : nil,
            offset: Int(clamping: parser.pointee.problem_offset)
        )
    }
}
