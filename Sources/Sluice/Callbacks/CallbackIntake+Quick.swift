internal import Expressions
internal import HTTPEngine
internal import JSONWire
internal import Primitives
internal import Rendezvous

extension CallbackIntake {
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
    func takeQuickly(
        _ paths: QuickPaths,
        body: JSONElement,
        item: JSONElement,
        _ origin: Origin
    ) throws(Problem) -> Taken? {
        guard let callback = Self.read(paths, body: body, item: item) else { return nil }
        // The usual key is a text; what is wrong with another one, KeyText tells.
        let taken = callback.key?.withStringBytes { key in
            Self.isUsual(key) ? decide(callback, key: key, origin) : nil
        }
        if let taken = taken ?? nil { return taken }
        do throws(KeyText.Problem) {
            return try KeyText.withBytes(of: callback.key) { decide(callback, key: $0, origin) }
        } catch {
            throw Problem(status: 422, code: error.code, detail: error.message)
        }
    }

    /// A callback of a bulk that was read, and whose key is being looked for.
    struct Sought {
        fileprivate let callback: Quick
        /// Where its key lies and what makes it the same one; nil for one that says it is still working.
        fileprivate let place: (key: SoughtKey, print: Fingerprint)?
    }

    /// Reads callbacks that come next, and looks for their keys; nil for those that are not of the usual kind.
    ///
    /// One after the other each would wait for memory several times where many wait; asked for together they wait once.
    func seek(
        _ paths: QuickPaths,
        body: JSONElement,
        items: ArraySlice<ListenerScope.Tree>,
        _ origin: Origin,
        into sought: inout [Sought?]
    ) {
        sought.removeAll(keepingCapacity: true)
        for item in items {
            guard case .json(let item) = item else {
                sought.append(nil)
                continue
            }
            sought.append(seek(paths, body: body, item: item, origin))
        }
        for callback in sought { if let place = callback?.place { approachWaiter(place.key) } }
    }

    private func seek(
        _ paths: QuickPaths,
        body: JSONElement,
        item: JSONElement,
        _ origin: Origin
    ) -> Sought? {
        guard let callback = Self.read(paths, body: body, item: item) else { return nil }
        let sought = callback.key?.withStringBytes { key -> Sought? in
            guard Self.isUsual(key) else { return nil }
            if callback.verdict == .progress { return Sought(callback: callback, place: nil) }
            let print = item.withRawBytes { bytes in
                origin.own(fingerprint(key: key, bytes: bytes, origin.endpoint))
            }
            return seek(key, origin.endpoint, print).map {
                Sought(callback: callback, place: ($0, print))
            }
        }
        return sought ?? nil
    }

    /// Decides a callback that was looked for; nil where that cannot be.
    func take(_ sought: Sought, _ origin: Origin) -> Taken? {
        sought.callback.key?.withStringBytes { key in
            guard let place = sought.place else { return decide(sought.callback, key: key, origin) }
            return decide(sought.callback, key: key, place.key, place.print, origin)
        }
    }

    /// What a quickly read callback consists of.
    fileprivate struct Quick {
        let key: JSONElement?
        let status: JSONElement?
        let result: JSONElement?
        let item: JSONElement
        let verdict: Verdict
    }

    /// Finds the parts of a callback; nil where its status is of a kind that takes the long way.
    private static func read(
        _ paths: QuickPaths,
        body: JSONElement,
        item: JSONElement
    ) -> Quick? {
        let status = paths.status?.element(body: body, item: item)
        var verdict = Verdict.success
        if let status, !status.isNull {
            let judged = status.withStringBytes { bytes in paths.verdict(bytes) }
            guard let judged else { return nil }
            verdict = judged
        }
        return Quick(
            key: paths.key.element(body: body, item: item),
            status: status,
            result: paths.result.map { $0.element(body: body, item: item) } ?? item,
            item: item,
            verdict: verdict
        )
    }

    private static func isUsual(_ key: Span<UInt8>) -> Bool {
        !key.isEmpty && key.count <= KeyText.bytesMax
    }

    private func decide(
        _ callback: Quick,
        key: Span<UInt8>,
        _ origin: Origin
    ) -> Taken {
        if callback.verdict == .progress {
            return Taken(answer: .progress, number: 0).noting(key, origin)
        }
        let sought = seek(key, origin.endpoint)
        let print = callback.item.withRawBytes { bytes in
            origin.own(fingerprint(key: key, bytes: bytes, origin.endpoint))
        }
        return decide(callback, key: key, sought, print, origin)
    }

    private func decide(
        _ callback: Quick,
        key: Span<UInt8>,
        _ sought: SoughtKey?,
        _ print: Fingerprint,
        _ origin: Origin
    ) -> Taken {
        var record: CallbackRecord?
        let arrival = arrive(sought, key: key, print, origin) {
            let made = Self.record(callback, key: key, origin)
            record = made
            return made
        }
        if let record { follow(arrival, record, print, origin) }
        let taken = Taken(arrival)
        tell(taken.answer, key: key, origin.endpoint, origin.requestID)
        return taken.noting(key, origin)
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
