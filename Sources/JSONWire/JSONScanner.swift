internal import CJSONScan
internal import Glibc

/// Validates a whole JSON text (RFC 8259, UTF-8, depth) in one pass and lets it be read where named.
///
/// Keep one per thread and use it again: after the first texts a scan allocates nothing. It is not Sendable. What it
/// keeps between scans is bounded by ``keptEntriesMax``.
@usableFromInline
@safe package final class JSONScanner {
    /// How many entries of 16 bytes are kept between scans; a larger tape is given back.
    package static let keptEntriesMax = 1 << 18

    /// Which of the equal scanners runs.
    package enum Engine: Sendable, CaseIterable {
        /// The fastest for a text on this processor.
        case best
        /// Byte by byte, with plain words.
        case portable
        /// Byte by byte, over strings with SSE2.
        case sse2
        /// Byte by byte, over strings with AVX2.
        case avx2
        /// In two stages, the first with AVX2.
        case indexAVX2
        /// In two stages, the first with AVX-512.
        case indexAVX512

        /// Whether this processor has its instructions.
        package var isAvailable: Bool { level.map { sluice_json_can($0) } ?? true }

        /// Its name in C; nil for the best.
        var level: sluice_json_level? {
            switch self {
            case .best: nil
            case .portable: SLUICE_JSON_PORTABLE
            case .sse2: SLUICE_JSON_SSE2
            case .avx2: SLUICE_JSON_AVX2
            case .indexAVX2: SLUICE_JSON_INDEX_AVX2
            case .indexAVX512: SLUICE_JSON_INDEX_AVX512
            }
        }
    }

    private let depthMax: UInt32
    private let level: sluice_json_level?
    private let frame: UnsafeMutablePointer<JSONFrame>

    /// Makes a scanner.
    ///
    /// - Parameters:
    ///   - depthMax: How many containers may lie inside each other; at least 0.
    ///   - engine: The scanner to run; one that is not available is the portable one. Tests compare them.
    package init(depthMax: Int = 512, engine: Engine = .best) {
        self.depthMax = UInt32(clamping: depthMax)
        level = engine.level
        unsafe frame = .allocate(capacity: 1)
        let tape = unsafe sluice_json_tape(entries: nil, capacity: 0, count: 0, grow: growTape)
        unsafe frame.initialize(
            to: JSONFrame(tape: tape, bytes: nil, byteCount: 0, generation: 0)
        )
    }

    deinit {
        unsafe free(frame.pointee.tape.entries)
        unsafe frame.deallocate()
    }

    /// Validates all of `bytes` and runs `body` with the document, or with why there is none.
    ///
    /// The document and its elements are valid only inside `body`; a use after it stops the program. `body` must not
    /// read with this scanner again.
    ///
    /// - Complexity: O(n), about one nanosecond a byte; no allocation once the tape has grown to the usual size.
    @inlinable
    package func read<Output, Failure: Error>(
        _ bytes: RawSpan,
        _ body: (Result<JSONDocument, JSONError>) throws(Failure) -> Output
    ) throws(Failure) -> Output {
        try unsafe bytes.withUnsafeBytes { (buffer) throws(Failure) -> Output in
            let result = unsafe begin(buffer)
            defer { end() }
            return try body(result)
        }
    }

    /// Validates all of `bytes` and runs `body`, as ``read(_:_:)`` does for raw bytes.
    @inlinable
    package func read<Output, Failure: Error>(
        _ bytes: Span<UInt8>,
        _ body: (Result<JSONDocument, JSONError>) throws(Failure) -> Output
    ) throws(Failure) -> Output {
        // Bytes have no padding that could be uninitialised: what makes the general one unsafe.
        let text = unsafe bytes.bytes
        return try read(text, body)
    }

    /// Scans; the text must stay where it is until ``end()``.
    @usableFromInline
    func begin(_ buffer: UnsafeRawBufferPointer) -> Result<JSONDocument, JSONError> {
        precondition(
            unsafe frame.pointee.bytes == nil,
            "a scanner reads one text at a time"
        )
        // An empty span has no address; the scan refuses it without looking.
        guard let base = buffer.baseAddress else {
            return .failure(JSONError(.unexpectedEnd, at: 0))
        }
        let bytes = unsafe UnsafeBufferPointer(
            start: base.assumingMemoryBound(to: UInt8.self),
            count: buffer.count
        )
        if let error = unsafe frame.pointee.scan(bytes, depthMax: depthMax, level: level) {
            return .failure(error)
        }
        return unsafe .success(
            JSONDocument(
                root: JSONElement(
                    frame: frame,
                    index: 0,
                    generation: frame.pointee.generation
                )
            )
        )
    }

    /// Ends the scan: its elements are invalid from here on.
    @usableFromInline
    func end() {
        unsafe frame.pointee.bytes = nil
        unsafe frame.pointee.generation &+= 1
        if unsafe frame.pointee.tape.capacity > Self.keptEntriesMax {
            unsafe free(frame.pointee.tape.entries)
            unsafe frame.pointee.tape.entries = nil
            unsafe frame.pointee.tape.capacity = 0
        }
    }
}

/// Scanners belong to one thread.
@available(*, unavailable)
extension JSONScanner: Sendable {}

/// Doubles a tape; false where there is no memory, and the old one stays.
func growTape(_ tape: UnsafeMutablePointer<sluice_json_tape>) -> Bool {
    let (doubled, overflow) = unsafe tape.pointee.capacity.multipliedReportingOverflow(by: 2)
    let capacity = overflow ? UInt32.max : max(doubled, 64)
    let size = Int(capacity) * MemoryLayout<sluice_json_entry>.stride
    guard let memory = unsafe realloc(tape.pointee.entries, size) else { return false }
    unsafe tape.pointee.entries = memory.assumingMemoryBound(to: sluice_json_entry.self)
    unsafe tape.pointee.capacity = capacity
    return true
}
