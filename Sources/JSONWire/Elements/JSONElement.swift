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

extension JSONElement {
    /// The value of an object's member; of repeated names the last counts; nil where there is none or this is no object.
    ///
    /// - Complexity: O(m) in the members of the object, whatever is inside them; no allocation.
    package func member(_ name: JSONName) -> JSONElement? {
        guard entry.kind == UInt8(SLUICE_JSON_OBJECT.rawValue) else { return nil }
        let found = unsafe name.bytes.withUnsafeBufferPointer { bytes in
            unsafe sluice_json_member(text, entries, place, bytes.baseAddress, bytes.count)
        }
        return found == 0 ? nil : sibling(at: found)
    }

    /// The element of an array at an index from 0; nil beyond its end, for negative indices and where this is no array.
    ///
    /// - Complexity: O(index).
    package func element(at index: Int) -> JSONElement? {
        guard index >= 0 else { return nil }
        var left = index
        for element in elements {
            if left == 0 { return element }
            left -= 1
        }
        return nil
    }

    /// How many elements or members there are, repeated names counted each; 0 for anything but arrays and objects.
    ///
    /// - Complexity: O(count).
    package var count: Int {
        var count = 0
        switch kind {
        case .array: for _ in elements { count += 1 }
        case .object: for _ in members { count += 1 }
        default: break
        }
        return count
    }

    /// The elements of an array in order; none for anything else.
    package var elements: Elements {
        Elements(of: entry.kind == UInt8(SLUICE_JSON_ARRAY.rawValue) ? self : nil)
    }

    /// The members of an object in order, repeated names too; none for anything else.
    package var members: Members {
        Members(of: entry.kind == UInt8(SLUICE_JSON_OBJECT.rawValue) ? self : nil)
    }

    /// The elements of an array, in order.
    package struct Elements: Sequence, IteratorProtocol {
        private let container: JSONElement?
        private var at: UInt32
        private let end: UInt32

        fileprivate init(of container: JSONElement?) {
            self.container = container
            at = container.map { $0.place + 1 } ?? 0
            end = container.map { $0.entry.next } ?? 0
        }

        /// The next element.
        package mutating func next() -> JSONElement? {
            guard at < end, let container else { return nil }
            let element = container.sibling(at: at)
            at = element.entry.next
            return element
        }
    }

    /// The members of an object, in order.
    package struct Members: Sequence, IteratorProtocol {
        private let container: JSONElement?
        private var at: UInt32
        private let end: UInt32

        fileprivate init(of container: JSONElement?) {
            self.container = container
            at = container.map { $0.place + 1 } ?? 0
            end = container.map { $0.entry.next } ?? 0
        }

        /// The next member.
        package mutating func next() -> Member? {
            guard at < end, let container else { return nil }
            let name = container.sibling(at: at)
            let value = container.sibling(at: at + 1)
            at = value.entry.next
            return Member(nameElement: name, value: value)
        }
    }

    /// One member of an object.
    package struct Member {
        /// The name, as a string element.
        package let nameElement: JSONElement
        /// The value.
        package let value: JSONElement

        /// The name's text.
        package var name: String { nameElement.copyString() ?? "" }
    }
}

extension JSONElement {
    /// The value of an integer, exact; nil for anything else.
    package var integer: Int64? {
        let entry = entry
        guard entry.kind == UInt8(SLUICE_JSON_INTEGER.rawValue) else { return nil }
        return unsafe Self.integer(in: text, of: entry)
    }

    /// The value of an integer's entry.
    ///
    /// Its digits are in bounds, and the scan made sure that they fit 64 bits: what wraps round here is nothing but the way
    /// to the least one.
    static func integer(in text: UnsafePointer<UInt8>, of entry: sluice_json_entry) -> Int64 {
        var at = Int(entry.start)
        let isNegative = unsafe text[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        var magnitude: UInt64 = 0
        while at < Int(entry.end) {
            magnitude = unsafe magnitude &* 10 &+ UInt64(text[at] &- 48)
            at += 1
        }
        return Int64(bitPattern: isNegative ? 0 &- magnitude : magnitude)
    }

    /// The text of an integer or number as it stands in the document; nil for anything else.
    package var numberText: String? {
        switch kind {
        case .integer, .number: unsafe String(decoding: rawBytes, as: UTF8.self)
        default: nil
        }
    }

    /// The text of a string with its escapes decoded, lone surrogates as U+FFFD; nil for anything else.
    package func copyString() -> String? {
        guard isString else { return nil }
        if entry.escaped != 0 { return String(decoding: decodedString(), as: UTF8.self) }
        return unsafe String(decoding: stringBytes, as: UTF8.self)
    }

    /// Runs `body` with the value's bytes as they stand in the document.
    @inlinable
    package func withRawBytes<Output, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Output
    ) throws(Failure) -> Output {
        // In bounds and alive: the text is that of the open scan, the range is of its tape.
        let bytes = unsafe rawBytes
        return try unsafe body(Span(_unsafeElements: bytes))
    }

    /// Runs `body` with the UTF-8 of a string, escapes decoded; gives nil for anything else.
    ///
    /// Allocates only where the string has an escape.
    @inlinable
    package func withStringBytes<Output, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Output
    ) throws(Failure) -> Output? {
        if let bytes = unsafe plainBytes { return try unsafe body(Span(_unsafeElements: bytes)) }
        guard isString else { return nil }
        return try body(decodedString().span)
    }

    /// The bytes of a string that is written without escapes; nil for anything else.
    @usableFromInline
    var plainBytes: UnsafeBufferPointer<UInt8>? {
        let entry = entry
        guard entry.kind == UInt8(SLUICE_JSON_STRING.rawValue), entry.escaped == 0 else {
            return nil
        }
        // A checked string has its two quotes.
        return unsafe UnsafeBufferPointer(
            start: text + Int(entry.start) + 1,
            count: Int(entry.end - entry.start) - 2
        )
    }

    /// Whether the value is a string.
    @usableFromInline
    var isString: Bool { entry.kind == UInt8(SLUICE_JSON_STRING.rawValue) }

    /// The value's bytes in the document.
    @usableFromInline
    var rawBytes: UnsafeBufferPointer<UInt8> {
        let entry = entry
        return unsafe UnsafeBufferPointer(
            start: text + Int(entry.start),
            count: Int(entry.end - entry.start)
        )
    }

    /// The bytes of a string between its quotes.
    @usableFromInline
    var stringBytes: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(rebasing: rawBytes.dropFirst().dropLast())
    }

    /// The decoded bytes of a string with escapes.
    @usableFromInline
    func decodedString() -> [UInt8] {
        let encoded = unsafe stringBytes
        return unsafe [UInt8](unsafeUninitializedCapacity: encoded.count) { buffer, count in
            // Decoding never makes a string longer, so the capacity is enough.
            guard let out = buffer.baseAddress else { return }
            count = unsafe sluice_json_unescape(encoded.baseAddress, encoded.count, out)
        }
    }
}
