public import Primitives

/// A callback as it goes on to its run: one allocation, immutable, shared by reference.
@usableFromInline
package struct CallbackRecord: Sendable {
    /// What is known of the callback beside its bytes, and how many bytes each part has.
    @usableFromInline
    struct Facts: Sendable {
        @usableFromInline let requestID: UUIDv7
        @usableFromInline let keyCount: Int
        @usableFromInline let statusCount: Int
        @usableFromInline let channel: Channel
        @usableFromInline let hasFailed: Bool
        @usableFromInline let hasStatus: Bool

        @inlinable
        init(
            requestID: UUIDv7,
            keyCount: Int,
            statusCount: Int,
            channel: Channel,
            hasFailed: Bool,
            hasStatus: Bool
        ) {
            self.requestID = requestID
            self.keyCount = keyCount
            self.statusCount = statusCount
            self.channel = channel
            self.hasFailed = hasFailed
            self.hasStatus = hasStatus
        }
    }

    @usableFromInline let storage: TailBytes<Facts>

    /// Copies a callback out of a request.
    ///
    /// - Parameters:
    ///   - channel: The endpoint's channel.
    ///   - key: The key it came with.
    ///   - status: The status as text; nil where the endpoint has none or the callback says none.
    ///   - result: The result as JSON text.
    ///   - hasFailed: Whether the status says failure.
    ///   - requestID: The request it came in.
    @inlinable
    package init(
        channel: Channel,
        key: Span<UInt8>,
        status: Span<UInt8>?,
        result: Span<UInt8>,
        hasFailed: Bool,
        requestID: UUIDv7
    ) {
        let said = if let status { status } else { Span<UInt8>() }
        storage = TailBytes(
            header: Facts(
                requestID: requestID,
                keyCount: key.count,
                statusCount: said.count,
                channel: channel,
                hasFailed: hasFailed,
                hasStatus: status != nil
            ),
            key,
            said,
            result
        )
    }

    /// Makes a record of owned bytes.
    package init(
        key: WaitKey,
        status: String?,
        result: [UInt8],
        hasFailed: Bool,
        requestID: UUIDv7
    ) {
        let said = [UInt8]((status ?? "").utf8)
        storage = TailBytes(
            header: Facts(
                requestID: requestID,
                keyCount: key.bytes.count,
                statusCount: said.count,
                channel: key.channel,
                hasFailed: hasFailed,
                hasStatus: status != nil
            ),
            key.bytes.span,
            said.span,
            result.span
        )
    }

    /// The request it came in.
    package var requestID: UUIDv7 { storage.header.requestID }

    /// Whether its status says failure.
    package var hasFailed: Bool { storage.header.hasFailed }

    /// The channel it came in through.
    package var channel: Channel { storage.header.channel }

    /// What it weighs against the bounds of held callbacks: key, status and result.
    package var byteCount: Int { storage.count }

    /// The key it came with.
    package var key: WaitKey {
        WaitKey(channel: channel, bytes: copy(0..<storage.header.keyCount))
    }

    /// Lends the bytes of the key it came with.
    @inlinable
    package func withKey<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        storage.withBytes(0..<storage.header.keyCount, body)
    }

    /// Whether it said a status.
    package var hasStatus: Bool { storage.header.hasStatus }

    /// Lends its status as UTF-8; empty where it said none.
    @inlinable
    package func withStatus<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        let facts = storage.header
        return storage.withBytes(facts.keyCount..<(facts.keyCount + facts.statusCount), body)
    }

    /// Its status as text; nil where it said none.
    package var statusText: String? {
        hasStatus ? withStatus { String(utf8: $0) } : nil
    }

    /// Its result as JSON text, copied.
    package var resultBytes: [UInt8] { copy(resultRange) }

    /// Lends its result as JSON text.
    @inlinable
    package func withResult<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withBytes(resultRange, body)
    }

    @usableFromInline var resultRange: Range<Int> {
        let facts = storage.header
        return facts.keyCount + facts.statusCount..<storage.count
    }

    private func copy(_ range: Range<Int>) -> [UInt8] {
        storage.withBytes(range) { $0.copied }
    }
}
