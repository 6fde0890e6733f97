internal import Expressions
internal import HTTPEngine
internal import JSONWire
internal import Primitives
internal import Rendezvous

extension CallbackIntake {
    /// Reads and decides one callback of an endpoint that only names parts of its body: nothing is allocated but the
    /// callback's record, and that only when it is delivered or held.
    ///
    /// - Returns: What became of it; nil where its status or key is of a kind that takes the long way.
    /// - Throws: 422 when the key is missing or no key.
    func takeQuickly(
        _ paths: QuickPaths,
        body: JSONElement,
        item: JSONElement,
        endpoint: CallbackEndpoint,
        requestID: UUIDv7,
        now: Instant,
        handover: Handover?
    ) throws(Problem) -> Taken? {
        let status = paths.status?.element(body: body, item: item)
        var verdict = Verdict.success
        if let status, !status.isNull {
            let judged = status.withStringBytes { bytes in paths.verdict(bytes) }
            guard let judged else { return nil }
            verdict = judged
        }
        let callback = Quick(
            status: status,
            result: paths.result.map { $0.element(body: body, item: item) } ?? item,
            item: item,
            verdict: verdict,
            requestID: requestID,
            now: now,
            handover: handover
        )
        let key = paths.key.element(body: body, item: item)
        // The usual key is a text; what is wrong with another one, KeyText tells.
        let taken = key?.withStringBytes { key in
            key.isEmpty || key.count > KeyText.bytesMax
                ? nil : decide(callback, key: key, endpoint: endpoint)
        }
        if let taken = taken ?? nil { return taken }
        do throws(KeyText.Problem) {
            return try KeyText.withBytes(of: key) { decide(callback, key: $0, endpoint: endpoint) }
        } catch {
            throw Problem(status: 422, code: error.code, detail: error.message)
        }
    }

    /// What a quickly read callback consists of beside its key.
    private struct Quick {
        let status: JSONElement?
        let result: JSONElement?
        let item: JSONElement
        let verdict: Verdict
        let requestID: UUIDv7
        let now: Instant
        let handover: Handover?
    }

    private func decide(
        _ callback: Quick,
        key: Span<UInt8>,
        endpoint: CallbackEndpoint
    ) -> Taken {
        if callback.verdict == .progress { return Taken(answer: .progress, number: 0) }
        return callback.item.withRawBytes { bytes in
            var record: CallbackRecord?
            let arrival = arrive(key: key, bytes: bytes, endpoint: endpoint, now: callback.now) {
                let made = Self.record(callback, key: key, channel: endpoint.channel)
                record = made
                return made
            }
            if let record { follow(arrival, record, callback.handover) }
            let taken = Taken(arrival)
            tell(taken.answer, key: key, endpoint, callback.requestID)
            return taken
        }
    }

    private static func record(
        _ callback: Quick,
        key: Span<UInt8>,
        channel: Channel
    ) -> CallbackRecord {
        let status = callback.status.flatMap { $0.isNull ? nil : $0 }
        guard let result = callback.result else {
            return record(callback, key, status, nullText.span, channel)
        }
        return result.withRawBytes { record(callback, key, status, $0, channel) }
    }

    private static let nullText = Array("null".utf8)

    private static func record(
        _ callback: Quick,
        _ key: Span<UInt8>,
        _ status: JSONElement?,
        _ result: Span<UInt8>,
        _ channel: Channel
    ) -> CallbackRecord {
        let made = status?.withStringBytes { status in
            CallbackRecord(
                channel: channel,
                key: key,
                status: status,
                result: result,
                hasFailed: callback.verdict == .failure,
                requestID: callback.requestID
            )
        }
        return made
            ?? CallbackRecord(
                channel: channel,
                key: key,
                status: nil,
                result: result,
                hasFailed: callback.verdict == .failure,
                requestID: callback.requestID
            )
    }
}
