internal import Expressions
internal import HTTPEngine
internal import JSONWire
internal import Primitives
internal import Rendezvous

extension CallbackMatcher {
    /// Reads and decides one callback of an endpoint that only names parts of its body: nothing is allocated but the
    /// callback's record, and that only when it is delivered or held.
    ///
    /// - Parameters:
    ///   - paths: Where its parts stand.
    ///   - body: The whole body.
    ///   - item: The callback.
    ///   - origin: The request it came in.
    /// - Returns: What became of it; nil where its status or key is of a kind that takes the long way.
    /// - Throws: 422 when the key is missing or no key.
    func matchFast(
        _ paths: FastPath,
        body: JSONElement,
        item: JSONElement,
        _ origin: Origin
    ) throws(Problem) -> MatchOutcome? {
        let key = paths.key.element(body: body, item: item)
        // The usual key is a text.
        let taken = key?.withStringBytes { key -> MatchOutcome? in
            guard Self.isUsual(key) else { return nil }
            // The table is asked first and looked into last: what it has of the key comes near meanwhile.
            let found = prepare(key, origin.endpoint)
            guard let callback = Quick(paths, body: body, item: item) else { return nil }
            prefetchNode(found)
            return decide(callback, key: key, found, origin)
        }
        if let taken = taken ?? nil { return taken }
        guard let callback = Quick(paths, body: body, item: item) else { return nil }
        do throws(KeyText.Problem) {
            return try KeyText.withBytes(of: key) {
                decide(callback, key: $0, prepare($0, origin.endpoint), origin)
            }
        } catch {
            throw Problem(noKey: error, origin.endpoint.identifyBy)
        }
    }

    /// Whether a text is a key; what is wrong with another one, KeyText tells.
    @inline(__always)
    private static func isUsual(_ key: Span<UInt8>) -> Bool {
        !key.isEmpty && key.count <= KeyText.bytesMax && !KeyText.isUnreadable(key)
    }

    /// A callback of a bulk that was read, and whose key was looked for.
    struct Sought {
        fileprivate let callback: Quick
        fileprivate let key: JSONElement
        fileprivate let place: PreparedKey
    }

    /// Reads callbacks that come next, and looks for their keys; nil for those that are not of the usual kind.
    ///
    /// One after the other each would wait for memory twice where many wait; asked for together they wait once.
    func prepare(
        _ paths: FastPath,
        body: JSONElement,
        items: ArraySlice<ListenerScope.Tree>,
        _ endpoint: CallbackEndpoint,
        into sought: inout [Sought?]
    ) {
        sought.removeAll(keepingCapacity: true)
        for item in items {
            guard case .json(let item) = item else {
                sought.append(nil)
                continue
            }
            sought.append(prepare(paths, body: body, item: item, endpoint))
        }
        for callback in sought { if let callback { prefetchNode(callback.place) } }
    }

    private func prepare(
        _ paths: FastPath,
        body: JSONElement,
        item: JSONElement,
        _ endpoint: CallbackEndpoint
    ) -> Sought? {
        guard let key = paths.key.element(body: body, item: item) else { return nil }
        let found = key.withStringBytes { key -> PreparedKey? in
            guard Self.isUsual(key) else { return nil }
            return prepare(key, endpoint)
        }
        guard let place = found ?? nil, let callback = Quick(paths, body: body, item: item) else {
            return nil
        }
        return Sought(callback: callback, key: key, place: place)
    }

    /// Decides a callback that was looked for; nil where that cannot be.
    func take(_ sought: Sought, _ origin: Origin) -> MatchOutcome? {
        sought.key.withStringBytes { key in
            decide(sought.callback, key: key, sought.place, origin)
        }
    }

    /// What a quickly read callback consists of beside its key.
    fileprivate struct Quick {
        let status: JSONElement?
        let result: JSONElement?
        let item: JSONElement
        let verdict: Verdict

        /// Reads the parts of an item; nil where its status is of a kind that takes the long way.
        @inline(__always)
        init?(_ paths: FastPath, body: JSONElement, item: JSONElement) {
            status = paths.status?.element(body: body, item: item)
            if let status, !status.isNull {
                let judged = status.withStringBytes { bytes in paths.verdict(bytes) }
                guard let judged else { return nil }
                verdict = judged
            } else {
                verdict = .success
            }
            result = paths.result.map { $0.element(body: body, item: item) } ?? item
            self.item = item
        }
    }

    private func decide(
        _ callback: Quick,
        key: Span<UInt8>,
        _ sought: PreparedKey?,
        _ origin: Origin
    ) -> MatchOutcome {
        if callback.verdict == .progress {
            return MatchOutcome(answer: .progress, number: 0).noting(key, origin)
        }
        return callback.item.withRawBytes { bytes in
            var record: CallbackRecord?
            let print = print(key: key, bytes: bytes, origin)
            let arrival = arrive(sought, key: key, print, origin) {
                callback.result?.withRawBytes { $0.count } ?? Self.nullText.count
            } makeRecord: {
                let made = Self.record(callback, key: key, origin)
                record = made
                return made
            }
            if let record { follow(arrival, record, print.value, origin) }
            let taken = MatchOutcome(arrival)
            tell(taken.answer, key: key, origin.endpoint, origin.requestID)
            return taken.noting(key, origin)
        }
    }

    private static func record(
        _ callback: Quick,
        key: Span<UInt8>,
        _ origin: Origin
    ) -> CallbackRecord {
        let status = callback.status.flatMap { $0.isNull ? nil : $0 }
        guard let result = callback.result else {
            return record(callback, key, status, nullText.span, origin)
        }
        return result.withRawBytes { record(callback, key, status, $0, origin) }
    }

    private static let nullText = Array("null".utf8)

    private static func record(
        _ callback: Quick,
        _ key: Span<UInt8>,
        _ status: JSONElement?,
        _ result: Span<UInt8>,
        _ origin: Origin
    ) -> CallbackRecord {
        let made = status?.withStringBytes { status in
            CallbackRecord(
                channel: origin.endpoint.channel,
                key: key,
                status: status,
                result: result,
                hasFailed: callback.verdict == .failure,
                requestID: origin.requestID
            )
        }
        return made
            ?? CallbackRecord(
                channel: origin.endpoint.channel,
                key: key,
                status: nil,
                result: result,
                hasFailed: callback.verdict == .failure,
                requestID: origin.requestID
            )
    }
}
