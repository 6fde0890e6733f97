internal import CJSONScan

/// A value inside a validated text: a view that costs nothing until something is read from it.
///
/// Valid only inside the closure of ``JSONScanner/read(_:_:)``; a use after it stops the program as long as the scanner
/// lives, and is undefined after that.
@usableFromInline
@safe package struct JSONElement {
    private let frame: UnsafePointer<JSONFrame>
    private let index: UInt32
    private let generation: UInt32

    init(frame: UnsafePointer<JSONFrame>, index: UInt32, generation: UInt32) {
        unsafe self.frame = frame
        self.index = index
        self.generation = generation
    }

    /// What the value is.
    @usableFromInline package var kind: JSONKind {
        switch entry.kind {
        case UInt8(SLUICE_JSON_NULL.rawValue): .null
        case UInt8(SLUICE_JSON_FALSE.rawValue), UInt8(SLUICE_JSON_TRUE.rawValue): .bool
        case UInt8(SLUICE_JSON_INTEGER.rawValue): .integer
        case UInt8(SLUICE_JSON_NUMBER.rawValue): .number
        case UInt8(SLUICE_JSON_STRING.rawValue): .string
        case UInt8(SLUICE_JSON_ARRAY.rawValue): .array
        default: .object
        }
    }

    /// Whether the value is `null`.
    package var isNull: Bool { entry.kind == UInt8(SLUICE_JSON_NULL.rawValue) }

    /// The value of a boolean; nil for anything else.
    package var bool: Bool? {
        switch entry.kind {
        case UInt8(SLUICE_JSON_TRUE.rawValue): true
        case UInt8(SLUICE_JSON_FALSE.rawValue): false
        default: nil
        }
    }

    /// Where the value stands in the bytes of the scan; a string with its quotes.
    package var rawRange: Range<Int> {
        let entry = entry
        return Int(entry.start)..<Int(entry.end)
    }

    /// The entry of this value on the tape.
    ///
    /// In bounds because indices come from the tape itself, and alive because the scan has not ended: that is what the
    /// generation says.
    var entry: sluice_json_entry {
        unsafe entries[Int(index)]
    }

    /// The tape, after a check that the scan is still open.
    var entries: UnsafeMutablePointer<sluice_json_entry> {
        guard unsafe frame.pointee.generation == generation,
            let entries = unsafe frame.pointee.tape.entries
        else {
            preconditionFailure("a JSON element was used after the closure it was given to")
        }
        return unsafe entries
    }

    /// The text of the scan.
    var text: UnsafePointer<UInt8> {
        guard unsafe frame.pointee.generation == generation,
            let bytes = unsafe frame.pointee.bytes
        else {
            preconditionFailure("a JSON element was used after the closure it was given to")
        }
        return unsafe bytes
    }

    /// This value's place on the tape.
    var place: UInt32 { index }

    /// The value at another place of the same tape.
    func sibling(at place: UInt32) -> JSONElement {
        unsafe JSONElement(frame: frame, index: place, generation: generation)
    }
}

/// Elements stay on the thread of their scanner.
@available(*, unavailable)
extension JSONElement: Sendable {}
