internal import CLLHTTP

/// What llhttp's callbacks write down while a head goes through: offsets, counts and refusals.
///
/// It lives in raw memory that the parser owns, because the callbacks reach it through a C pointer.
@safe struct ParserState {
    /// Where the bytes being fed begin; alive only while llhttp runs.
    var base: UnsafePointer<CChar>?
    /// How many bytes of this message were fed before `base`.
    var fedBefore = 0
    /// Whether the latest field callback was for a name.
    var isInName = false
    /// Whether a value went on over a line end (obs-fold, RFC 9112, 5.2).
    var isFolded = false
    /// The target's place in the head.
    var target = ByteRange.none
    /// Up to where fields may reach, once the target is known.
    private var headEndMax = 0
    /// The fields' places in the head; grows up to the limit, kept for the connection's life.
    var fields: UnsafeMutablePointer<FieldRange>
    /// How many fields fit.
    var fieldsCapacity: Int
    /// How many fields there are.
    var fieldsCount = 0
    /// How many body bytes there may be.
    var bodyBytesMax = Int.max
    /// Why a callback stopped the parser.
    var refusal: WireRefusal?
    /// The latest plain head, while `fields` are its.
    var known = RepeatedHead()
    /// The bounds of the head.
    let limits: WireLimits

    /// The version and the line's end, ` HTTP/1.1` CR LF: bytes that belong to no field.
    private static var versionBytes: Int { 11 }

    init(limits: WireLimits) {
        self.limits = limits
        fieldsCapacity = max(1, min(16, limits.fieldsMax))
        unsafe fields = .allocate(capacity: fieldsCapacity)
    }

    /// Forgets one message, so that the next can begin.
    mutating func startMessage() {
        unsafe base = nil
        fedBefore = 0
        isInName = false
        isFolded = false
        target = .none
        headEndMax = 0
        fieldsCount = 0
        bodyBytesMax = .max
        refusal = nil
    }

    /// Where a span that llhttp hands over lies in the message.
    private func offset(of start: UnsafePointer<CChar>) -> Int {
        guard let base = unsafe base else { return fedBefore }
        return unsafe fedBefore + (start - base)
    }

    /// Takes a piece of the request target.
    mutating func takeTarget(_ start: UnsafePointer<CChar>, _ count: Int) -> Int32 {
        let offset = unsafe offset(of: start)
        guard offset + count <= limits.requestLineBytesMax else {
            return refuse(.requestLineTooLong(limit: limits.requestLineBytesMax))
        }
        target.extend(from: offset, count: count)
        headEndMax = target.end + Self.versionBytes + limits.headerBytesMax
        return 0
    }

    /// Takes a piece of a field's name.
    @inline(__always)
    mutating func takeName(_ start: UnsafePointer<CChar>, _ count: Int) -> Int32 {
        let offset = unsafe offset(of: start)
        guard !isInName, offset + count <= headEndMax, fieldsCount < fieldsCapacity
        else {
            return takeUnusualName(offset, count)
        }
        begin(offset, count)
        return 0
    }

    /// Takes a piece of a name that goes on or meets a bound.
    @inline(never)
    private mutating func takeUnusualName(_ offset: Int, _ count: Int) -> Int32 {
        guard fits(offset + count) else {
            return refuse(.headersTooLarge(limit: limits.headerBytesMax))
        }
        if isInName, fieldsCount > 0, unsafe fields[fieldsCount - 1].name.end == offset {
            unsafe fields[fieldsCount - 1].name.extend(from: offset, count: count)
            return 0
        }
        guard fieldsCount < limits.fieldsMax else {
            return refuse(.tooManyFields(limit: limits.fieldsMax))
        }
        if fieldsCount == fieldsCapacity { growFields() }
        begin(offset, count)
        return 0
    }

    /// Begins a field; there is room for it.
    @inline(__always)
    private mutating func begin(_ offset: Int, _ count: Int) {
        var field = FieldRange()
        field.name = ByteRange(within: offset, count)
        unsafe (fields + fieldsCount).initialize(to: field)
        fieldsCount += 1
        isInName = true
    }

    /// Takes a piece of a field's value.
    @inline(__always)
    mutating func takeValue(_ start: UnsafePointer<CChar>, _ count: Int) -> Int32 {
        let offset = unsafe offset(of: start)
        guard isInName, offset + count <= headEndMax, fieldsCount > 0 else {
            return takeUnusualValue(offset, count)
        }
        isInName = false
        unsafe fields[fieldsCount - 1].value = ByteRange(within: offset, count)
        return 0
    }

    /// Takes a piece of a value that goes on or meets a bound.
    @inline(never)
    private mutating func takeUnusualValue(_ offset: Int, _ count: Int) -> Int32 {
        isInName = false
        guard fits(offset + count) else {
            return refuse(.headersTooLarge(limit: limits.headerBytesMax))
        }
        guard fieldsCount > 0 else { return refuse(.malformed("A field value has no name.")) }
        let value = unsafe fields[fieldsCount - 1].value
        if value.isSet, value.end != offset { isFolded = true }
        unsafe fields[fieldsCount - 1].value.extend(from: offset, count: count)
        return 0
    }

    /// Whether a head of that many bytes keeps to the bounds.
    func fits(_ count: Int) -> Bool {
        count - Int(target.endOrZero) - Self.versionBytes <= limits.headerBytesMax
    }

    private mutating func refuse(_ refusal: WireRefusal) -> Int32 {
        self.refusal = refusal
        return Int32(HPE_USER.rawValue)
    }

    private mutating func growFields() {
        let capacity = min(fieldsCapacity * 2, limits.fieldsMax)
        let wider = UnsafeMutablePointer<FieldRange>.allocate(capacity: capacity)
        unsafe wider.moveInitialize(from: fields, count: fieldsCount)
        unsafe fields.deallocate()
        unsafe fields = wider
        fieldsCapacity = capacity
    }
}

/// What llhttp found in a head's lines, as plain values.
struct ParserFacts {
    /// The version's first digit.
    let major: UInt8
    /// The version's second digit.
    let minor: UInt8
    /// llhttp's number of the method.
    let method: UInt8
    /// The Content-Length, 0 where there is none.
    let contentLength: UInt64
    /// Whether the connection lives on (RFC 9112, 9.3).
    let isKeptAlive: Bool

    /// Reads llhttp's fields at the end of a head.
    init(_ parser: UnsafePointer<llhttp_t>) {
        unsafe major = parser.pointee.http_major
        unsafe minor = parser.pointee.http_minor
        unsafe method = parser.pointee.method
        unsafe contentLength = parser.pointee.content_length
        let flags = unsafe UInt32(parser.pointee.flags)
        let asksToStay = flags & F_CONNECTION_KEEP_ALIVE.rawValue != 0
        let asksToClose = flags & F_CONNECTION_CLOSE.rawValue != 0
        isKeptAlive = !asksToClose && (asksToStay || (major == 1 && minor >= 1))
    }
}

/// The table of llhttp's callbacks: each finds the parser's state and lets it write the piece down.
enum ParserCallbacks {
    /// The table, the same for every parser and alive for ever.
    ///
    /// Shared between threads because it is written once, here, and then only read.
    nonisolated(unsafe) static let table: UnsafePointer<llhttp_settings_t> = {
        let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
        unsafe llhttp_settings_init(settings)
        unsafe settings.pointee.on_url = { parser, start, count in
            unsafe withState(parser, start) { state, start in
                unsafe state.pointee.takeTarget(start, count)
            }
        }
        unsafe settings.pointee.on_header_field = { parser, start, count in
            unsafe withState(parser, start) { state, start in
                unsafe state.pointee.takeName(start, count)
            }
        }
        unsafe settings.pointee.on_header_value = { parser, start, count in
            unsafe withState(parser, start) { state, start in
                unsafe state.pointee.takeValue(start, count)
            }
        }
        unsafe settings.pointee.on_headers_complete = { _ in Int32(HPE_PAUSED.rawValue) }
        return unsafe UnsafePointer(settings)
    }()

    /// Recovers the state behind a parser; it and the span are alive while llhttp runs.
    @inline(__always)
    private static func withState(
        _ parser: UnsafeMutablePointer<llhttp_t>?,
        _ start: UnsafePointer<CChar>?,
        _ body: (UnsafeMutablePointer<ParserState>, UnsafePointer<CChar>) -> Int32
    ) -> Int32 {
        guard let data = unsafe parser?.pointee.data, let start = unsafe start else { return -1 }
        return unsafe body(data.assumingMemoryBound(to: ParserState.self), start)
    }
}
