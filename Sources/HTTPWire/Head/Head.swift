internal import Primitives

/// The head of a request: a view of its bytes that lives during the call that shows it.
@usableFromInline
@safe package struct Head: ~Copyable {
    /// What the head says.
    @usableFromInline package let summary: HeadSummary
    // Alive during the call that shows the head: the parser's own memory or the loop's read buffer.
    private let bytes: UnsafeRawBufferPointer
    private let fields: UnsafeBufferPointer<FieldRange>

    /// Makes a view; the offsets in `summary` and `fields` were checked against `bytes` by ``HeadValidator``.
    init(
        summary: HeadSummary,
        bytes: UnsafeRawBufferPointer,
        fields: UnsafeBufferPointer<FieldRange>
    ) {
        self.summary = summary
        unsafe self.bytes = bytes
        unsafe self.fields = fields
    }

    /// The path, percent-decoded.
    package var path: String {
        if summary.path.isSet, summary.path.count == 0 { return "/" }
        return summary.isPathEscaped
            ? PercentCode.decode(unsafe slice(summary.path).span, plusIsSpace: false)
            : text(summary.path)
    }

    /// The path as it was sent, without the query.
    package var sentPath: String { text(summary.path.isSet ? summary.path : summary.target) }

    /// The target as it was sent.
    package var rawTarget: String { text(summary.target) }

    /// Whether a query was sent that is not empty.
    @inline(__always)
    package var hasQuery: Bool { summary.query.isSet && summary.query.count > 0 }

    /// Shows the query as it was sent; empty where there is none.
    package func withRawQuery<Result>(_ look: (Span<UInt8>) -> Result) -> Result {
        look(unsafe slice(summary.query).span)
    }

    /// The query as it was sent; nil where there is none.
    package var rawQuery: String? { summary.query.isSet ? text(summary.query) : nil }

    /// Shows the path as it was sent; empty where an absolute target has none.
    @inlinable
    package func withRawPath<Result, Failure: Error>(
        _ look: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try look(unsafe rawPath.span)
    }

    /// Whether the path has a slash that is written as an escape.
    package var hasEscapedSlash: Bool {
        let path = unsafe slice(summary.path).span
        var index = 0
        while index + 2 < path.count {
            if path[index] == UInt8(ascii: "%"), path[index + 1] == UInt8(ascii: "2"),
                path[index + 2] | 0x20 == UInt8(ascii: "f")
            {
                return true
            }
            index += 1
        }
        return false
    }

    /// The segment of the path with that index, decoded; nil behind the last.
    package func pathSegment(_ index: Int) -> String? {
        let path = unsafe slice(summary.path).span
        return PathText.segment(path, index)
    }

    /// The path from the segment with that index on, decoded, slashes included; nil behind the last.
    package func pathRest(_ index: Int) -> String? {
        let path = unsafe slice(summary.path).span
        return PathText.rest(path, from: index)
    }

    /// The value of the first query pair of that name, decoded.
    package func query(first name: String) -> String? {
        var pairs = QueryScanner(offset: 0)
        let query = unsafe slice(summary.query).span
        while let (key, value) = pairs.next(in: query) {
            if PercentCode.decode(query.extracting(key), plusIsSpace: true) == name {
                return PercentCode.decode(query.extracting(value), plusIsSpace: true)
            }
        }
        return nil
    }

    /// All query pairs, decoded as those of a form, in their order.
    package var queryPairs: [(name: String, value: String)] {
        FormText.pairs(unsafe slice(summary.query).span)
    }

    /// Shows the first value of the field with that lower-case name.
    package func withHeader<Result, Failure: Error>(
        _ name: StaticString,
        _ look: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard name.hasPointerRepresentation else { return nil }
        let wanted = unsafe UnsafeBufferPointer(
            start: name.utf8Start,
            count: name.utf8CodeUnitCount
        )
        guard let field = unsafe find(wanted) else { return nil }
        return try look(unsafe slice(field.value).span)
    }

    /// The first value of the field with that lower-case name.
    package func header(_ name: StaticString) -> String? {
        withHeader(name) { String(utf8: $0) }
    }

    /// The first value of the field with that name, in any case.
    package func header(named name: String) -> String? {
        var wanted = Array(name.utf8)
        for index in wanted.indices { wanted[index] = ASCII.lowercased(wanted[index]) }
        let found = unsafe wanted.withUnsafeBufferPointer { unsafe find($0) }
        return found.map { text($0.value) }
    }

    /// Shows the authority that the request is for, `host` or `host:port`; empty where it names none.
    ///
    /// That of an absolute target counts, and a Host field beside it does not (RFC 9112, 3.2.2).
    package func withAuthority<Result>(_ look: (Span<UInt8>) -> Result) -> Result {
        let target = unsafe slice(summary.target)
        if let first = unsafe target.first, first != UInt8(ascii: "/"), first != UInt8(ascii: "*") {
            if summary.method == .connect { return look(unsafe target.span) }
            // `http://` or `https://`: nothing else is taken.
            let scheme = unsafe target.count > 4 && target[4] == UInt8(ascii: ":") ? 7 : 8
            let start = summary.target.range.lowerBound + scheme
            let end = max(start, summary.path.range.lowerBound)
            return look(unsafe slice(ByteRange(start, end)).span)
        }
        return withHeader("host", look) ?? look(unsafe slice(.none).span)
    }

    /// Shows every field's name, as it was sent, and value, in their order; nothing is copied.
    package func forEachField(_ look: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
        let count = unsafe fields.count
        for index in 0..<count {
            let field = unsafe fields[index]
            look(unsafe slice(field.name).span, unsafe slice(field.value).span)
        }
    }

    /// Shows the bytes from the target to the last field's end, as they were sent: with the method they say all that the
    /// target and the fields do.
    package func withSentBytes<Result>(_ look: (Span<UInt8>) -> Result) -> Result {
        var whole = summary.target
        let count = unsafe fields.count
        if count > 0 {
            // They stand behind the target, one after the other.
            let last = unsafe fields[count - 1]
            whole.stop = max(whole.stop, last.name.endOrZero, last.value.endOrZero)
        }
        return look(unsafe slice(whole).span)
    }

    /// All fields in their order, names in lower case.
    package var headers: [(name: String, value: String)] {
        var all: [(name: String, value: String)] = []
        let count = unsafe fields.count
        all.reserveCapacity(count)
        for index in 0..<count {
            let field = unsafe fields[index]
            all.append((text(field.name).lowercased(), text(field.value)))
        }
        return all
    }

    /// Shows the content type; nil where there is none.
    @inlinable
    package func withContentType<Result, Failure: Error>(
        _ look: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let type = unsafe contentType else { return nil }
        return try look(unsafe type.span)
    }

    /// The first coding of the body that is not `identity`, as it was sent; empty where there is none.
    package var contentEncoding: String { text(summary.contentEncoding) }

    /// The codings of the body as all its fields name them, `identity` left out: a list where there are several.
    package var contentEncodings: String {
        var names: [String] = []
        forEachField { name, value in
            let isCoding = name.count == 16 && String(utf8: name).lowercased() == "content-encoding"
            let text = isCoding ? String(utf8: value) : ""
            if !text.isEmpty, text.lowercased() != "identity" { names.append(text) }
        }
        return names.joined(separator: ", ")
    }

    /// The bytes of the path.
    @usableFromInline
    var rawPath: UnsafeBufferPointer<UInt8> { unsafe slice(summary.path) }

    /// The bytes of the content type.
    @usableFromInline
    var contentType: UnsafeBufferPointer<UInt8>? {
        summary.contentType.isSet ? unsafe slice(summary.contentType) : nil
    }

    private func find(_ wanted: UnsafeBufferPointer<UInt8>) -> FieldRange? {
        let count = unsafe fields.count
        for index in 0..<count {
            let field = unsafe fields[index]
            guard field.name.count == wanted.count else { continue }
            let name = unsafe slice(field.name).span
            var same = 0
            while same < name.count, unsafe ASCII.lowercased(name[same]) == wanted[same] {
                same += 1
            }
            if same == wanted.count { return field }
        }
        return nil
    }

    private func text(_ place: ByteRange) -> String {
        String(utf8: unsafe slice(place).span)
    }

    /// The bytes of a place; none for a place that is not set or, against a slip, lies outside.
    private func slice(_ place: ByteRange) -> UnsafeBufferPointer<UInt8> {
        let whole = unsafe bytes.bindMemory(to: UInt8.self)
        guard place.isSet, place.range.upperBound <= whole.count else {
            return unsafe UnsafeBufferPointer(rebasing: whole[0..<0])
        }
        return unsafe UnsafeBufferPointer(rebasing: whole[place.range])
    }
}

/// What a checked head says, beside its bytes.
@usableFromInline
package struct HeadSummary: Sendable {
    /// How the body is delimited (RFC 9112, 6).
    package enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// What the client expects before it sends the body (RFC 9110, 10.1.1).
    package enum Expectation: Sendable, Equatable {
        case nothing, continuation
        /// Something that cannot be met: 417.
        case unknown
    }

    /// The method.
    package var method = Method.other
    /// The version.
    package var version = HTTPVersion.http11
    /// Whether the connection may serve another request after this one.
    package var isKeptAlive = true
    /// How the body is delimited.
    package var framing = Framing.none
    /// What is expected before the body is sent.
    package var expectation = Expectation.nothing
    /// Whether the body is coded (RFC 9110, 8.4), by anything but `identity`.
    package var isContentCoded: Bool { contentEncoding.isSet }
    /// Whether the target is `*` (OPTIONS only).
    package var isAsterisk = false
    /// Whether the path has percent escapes.
    package var isPathEscaped = false
    /// The path in the head, still escaped, with its leading slash.
    var path = ByteRange.none
    /// The query in the head without the question mark, still escaped.
    var query = ByteRange.none
    /// The content type's value in the head.
    var contentType = ByteRange.none
    /// The first content coding's value in the head, where there is one but `identity`.
    var contentEncoding = ByteRange.none
    /// The whole target in the head.
    var target = ByteRange.none
}

/// A place in a message's head, in bytes from its first; limits keep a head far below 4 GiB.
struct ByteRange: Sendable, Equatable {
    /// The first byte's offset; `UInt32.max` while nothing is there.
    var start: UInt32
    /// The offset behind the last byte.
    var stop: UInt32

    /// No place.
    static let none = ByteRange(start: .max, stop: .max)

    init(start: UInt32, stop: UInt32) {
        self.start = start
        self.stop = stop
    }

    /// The place between two offsets of a head.
    init(_ start: Int, _ stop: Int) {
        self.start = UInt32(clamping: start)
        self.stop = UInt32(clamping: max(start, stop))
    }

    /// The place of some bytes of a head, whose offsets were compared with its bound.
    @inline(__always)
    init(within offset: Int, _ count: Int) {
        start = UInt32(truncatingIfNeeded: offset)
        stop = UInt32(truncatingIfNeeded: offset &+ count)
    }

    /// Whether anything, be it empty, was put here.
    var isSet: Bool { start != .max }

    /// The offset behind the last byte, for comparison with another offset.
    var end: Int { Int(stop) }

    /// The offset behind the last byte, 0 where nothing is there.
    var endOrZero: UInt32 { isSet ? stop : 0 }

    /// The bytes' count.
    var count: Int { Int(stop) - Int(start) }

    /// The place as a range of offsets.
    var range: Range<Int> { Int(start)..<max(Int(start), Int(stop)) }

    /// Begins here, or goes on behind what is there already.
    mutating func extend(from offset: Int, count: Int) {
        if !isSet { start = UInt32(clamping: offset) }
        stop = UInt32(clamping: offset + count)
    }
}

/// Where one header field lies in the head.
struct FieldRange: Sendable {
    /// The name, as it was written.
    var name = ByteRange.none
    /// The value, without the blanks round it once the head is checked.
    var value = ByteRange.none
}
