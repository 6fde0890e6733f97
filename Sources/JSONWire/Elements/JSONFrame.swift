internal import CJSONScan
internal import Glibc

/// What the elements of one scan look through: the text, its tape, and which scan it is.
///
/// It lives at one address as long as its scanner. `generation` changes when a scan ends, so that an element that
/// outlived its closure is told apart from a living one instead of reading freed bytes.
@safe struct JSONFrame {
    /// The tape; its memory comes from `realloc` and is the scanner's.
    var tape: sluice_json_tape
    /// The text of the scan; nil between scans.
    var bytes: UnsafePointer<UInt8>?
    /// How many bytes the text has.
    var byteCount: Int
    /// The number of the scan.
    var generation: UInt32

    /// Scans a text and remembers it; says what is wrong where something is.
    mutating func scan(
        _ text: UnsafeBufferPointer<UInt8>,
        depthMax: UInt32,
        level: sluice_json_level?
    ) -> JSONError? {
        let (start, count) = (text.baseAddress, text.count)
        let outcome =
            if let level {
                unsafe sluice_json_scan_at(level, start, count, depthMax, &tape)
            } else {
                unsafe sluice_json_scan(start, count, depthMax, &tape)
            }
        if let reason = Self.reason(outcome.reason) {
            return JSONError(reason, at: outcome.offset)
        }
        unsafe bytes = start
        byteCount = count
        return nil
    }

    /// How many entries a value's tape has on the stack: a kilobyte.
    private static let entriesOnStack = 64

    /// Reads a whole text as a value, with a tape on the stack as long as it is short.
    static func withValue(
        of text: UnsafeBufferPointer<UInt8>,
        depthMax: Int
    ) -> Result<JSONValue, JSONError> {
        unsafe withUnsafeTemporaryAllocation(
            of: sluice_json_entry.self,
            capacity: entriesOnStack
        ) { room in
            let tape = unsafe sluice_json_tape(
                entries: room.baseAddress,
                capacity: UInt32(room.count),
                count: 0,
                grow: moveTape
            )
            var frame = unsafe JSONFrame(tape: tape, bytes: nil, byteCount: 0, generation: 0)
            let error = unsafe frame.scan(
                text,
                depthMax: UInt32(clamping: depthMax),
                level: nil
            )
            let result: Result<JSONValue, JSONError> =
                if let error {
                    .failure(error)
                } else {
                    unsafe withUnsafePointer(to: frame) { frame in
                        unsafe .success(JSONElement(frame: frame, index: 0, generation: 0).value())
                    }
                }
            if unsafe frame.tape.entries != room.baseAddress {
                unsafe free(frame.tape.entries)
            }
            return result
        }
    }

    private static func reason(_ reason: sluice_json_reason) -> JSONError.Reason? {
        switch reason {
        case SLUICE_JSON_OK: nil
        case SLUICE_JSON_UNEXPECTED_END: .unexpectedEnd
        case SLUICE_JSON_UNEXPECTED_BYTE: .unexpectedByte
        case SLUICE_JSON_BAD_LITERAL: .badLiteral
        case SLUICE_JSON_BAD_NUMBER: .badNumber
        case SLUICE_JSON_CONTROL_CHARACTER: .controlCharacter
        case SLUICE_JSON_BAD_ESCAPE: .badEscape
        case SLUICE_JSON_BAD_UTF8: .badUTF8
        case SLUICE_JSON_TOO_DEEP: .tooDeep
        case SLUICE_JSON_TRAILING_BYTES: .trailingBytes
        case SLUICE_JSON_TOO_LARGE: .tooLarge
        default: .noMemory
        }
    }
}

/// Moves a tape from the stack into memory of its own, twice as large; false where there is none.
private func moveTape(_ tape: UnsafeMutablePointer<sluice_json_tape>) -> Bool {
    let (from, count) = unsafe (tape.pointee.entries, Int(tape.pointee.count))
    let capacity = unsafe tape.pointee.capacity
    unsafe tape.pointee.entries = nil
    unsafe tape.pointee.grow = growTape
    guard unsafe growTape(tape), let from = unsafe from,
        let into = unsafe tape.pointee.entries
    else {
        unsafe tape.pointee.entries = from
        unsafe tape.pointee.capacity = capacity
        return false
    }
    unsafe into.initialize(from: from, count: count)
    return true
}
