internal import CJSONScan

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
