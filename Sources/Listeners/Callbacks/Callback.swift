internal import Expressions
package import HTTPEngine
internal import JSONWire
internal import Primitives
internal import Rendezvous

/// One callback as its endpoint reads it: its key, what it says of the work, its status and its result.
///
/// It is made in one of two ways, which give the same for every body that both can read: in place, by the paths of an endpoint
/// that only names parts of JSON, or by evaluating the endpoint's expressions. Made in place it only points into the scanned text
/// and allocates nothing; it is valid inside the scanner's closure then.
package struct Callback {
    /// What it says.
    package let verdict: Verdict
    /// The place of its key in the waiter table, where it was looked for when the callback was read.
    private(set) var place: PreparedKey?
    private var form: Form

    /// Where its parts are.
    private enum Form {
        case inPlace(Elements)
        case evaluated(Parts)
    }

    /// The parts of a callback in the scanned text.
    private struct Elements {
        /// A text, an integer or a boolean that is a key.
        let key: JSONElement
        /// A text; nil where there is none.
        let status: JSONElement?
        /// Nil where it is missing: null.
        let result: JSONElement?
        let item: JSONElement
    }

    /// The parts of a callback that were evaluated.
    private final class Parts {
        let key: [UInt8]
        let status: [UInt8]?
        let result: [UInt8]
        let content: Content

        init(key: [UInt8], status: [UInt8]?, result: [UInt8], content: Content) {
            self.key = key
            self.status = status
            self.result = result
            self.content = content
        }
    }

    /// The bytes by which a repeated callback is told from another one.
    enum Content {
        /// The whole body of the request.
        case body
        /// An item of the body: the JSON text as it came, or as it is written for another form.
        case item(ListenerScope.Tree)
        /// What the endpoint's `deduplicate_by` yields.
        case identity([UInt8])
    }
}

// MARK: - Reading

extension Callback {
    /// Reads a callback in place; nil where its key or its status is of a kind that its expressions have to be evaluated for.
    ///
    /// - Parameters:
    ///   - path: Where its parts stand.
    ///   - rule: What its status means.
    ///   - body: The whole body.
    ///   - item: The callback.
    ///   - prepare: Looks for the key in the waiter table, first of all: what the table has of it comes near while the rest is
    ///     read.
    @inline(__always)
    init?(
        _ path: borrowing FastPath,
        _ rule: borrowing StatusRule,
        body: JSONElement,
        item: JSONElement,
        prepare: (Span<UInt8>) -> PreparedKey?
    ) {
        guard let key = path.key.element(body: body, item: item),
            let place = Self.prepared(key, prepare)
        else { return nil }
        var status = path.status?.element(body: body, item: item)
        if let element = status, !element.isNull {
            guard let judged = element.withStringBytes({ rule.verdict($0) }) else { return nil }
            verdict = judged
        } else {
            status = nil
            verdict = .success
        }
        self.place = place
        form = .inPlace(
            Elements(
                key: key,
                status: status,
                result: path.result.map { $0.element(body: body, item: item) } ?? item,
                item: item
            )
        )
    }

    /// Looks for the key that an element is; nil where it is none, or of another kind than nearly all are.
    @inline(__always)
    private static func prepared(
        _ key: JSONElement,
        _ prepare: (Span<UInt8>) -> PreparedKey?
    ) -> PreparedKey? {
        let place = key.withStringBytes { key in
            isKey(key) && !KeyText.isUnreadable(key) ? prepare(key) : nil
        }
        if let place { return place }
        guard key.kind == .integer || key.kind == .bool else { return nil }
        return key.withRawBytes { isKey($0) ? prepare($0) : nil }
    }

    @inline(__always)
    private static func isKey(_ bytes: Span<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.count <= KeyText.bytesMax
    }

    /// Reads a callback by evaluating its endpoint's expressions.
    ///
    /// - Throws: 422 when the key is missing or no key, or an expression fails on it.
    package init(_ scope: ListenerScope, endpoint: CallbackEndpoint) throws(Problem) {
        let key = try Self.key(scope, endpoint)
        do throws(EvaluationError) {
            let value = try endpoint.status.map { template throws(EvaluationError) in
                try template.evaluate(scope)
            }
            let status = value.flatMap { $0.isNull ? nil : Array(TextForm.text(of: $0).utf8) }
            verdict = status.map { endpoint.statusRule.verdict($0.span) } ?? .success
            form = .evaluated(
                Parts(
                    key: key,
                    status: status,
                    result: verdict == .progress ? [] : try Self.result(scope, endpoint),
                    content: .body
                )
            )
        } catch {
            throw Problem(failed: error)
        }
    }

    private static func key(
        _ scope: ListenerScope,
        _ endpoint: CallbackEndpoint
    ) throws(Problem) -> [UInt8] {
        guard let template = endpoint.identifyBy else { return CallbackEndpoint.sharedKey }
        let value: JSONValue
        do throws(EvaluationError) {
            value = try template.evaluate(scope)
        } catch {
            throw Problem(failed: error)
        }
        do throws(KeyText.Problem) {
            return try KeyText.bytes(of: value)
        } catch {
            throw Problem(noKey: error, template)
        }
    }

    /// The result's JSON text: the bytes as they came where a part of the body is named as it is.
    private static func result(
        _ scope: ListenerScope,
        _ endpoint: CallbackEndpoint
    ) throws(EvaluationError) -> [UInt8] {
        let part: ListenerScope.Tree?
        switch endpoint.result?.plainReference {
        case nil where endpoint.result == nil: part = scope.item
        case let reference? where reference.source == .body: part = scope.body.part(reference.steps)
        case let reference? where reference.source == .item: part = scope.item.part(reference.steps)
        default: part = nil
        }
        if case .json(let element) = part { return element.withRawBytes { $0.copied } }
        guard let template = endpoint.result else { return scope.item.select([]).jsonBytes }
        return try template.evaluate(scope).jsonBytes
    }

    /// The same callback, told from others by these bytes; one that was read in place is told by its item.
    func told(by content: Content) -> Callback {
        guard case .evaluated(let parts) = form else { return self }
        var callback = self
        callback.form = .evaluated(
            Parts(key: parts.key, status: parts.status, result: parts.result, content: content)
        )
        return callback
    }

    /// The same callback with the place of its key.
    func prepared(_ prepare: (Span<UInt8>) -> PreparedKey?) -> Callback {
        var callback = self
        callback.place = withKey(prepare)
        return callback
    }
}

// MARK: - What it holds

extension Callback {
    /// Lends the key.
    @inline(__always)
    func withKey<Result>(_ use: (Span<UInt8>) -> Result) -> Result {
        switch form {
        case .inPlace(let parts):
            if let result = parts.key.withStringBytes({ use($0) }) { return result }
            return parts.key.withRawBytes { use($0) }
        case .evaluated(let parts):
            let key = parts.key
            return use(key.span)
        }
    }

    /// Lends the bytes by which a repeated callback is told from another one.
    ///
    /// - Parameters:
    ///   - body: The body of its request.
    ///   - use: Gets the bytes, and whether `deduplicate_by` named them.
    /// - Returns: What `use` returns.
    @inline(__always)
    func withContent<Result>(
        of body: RawSpan,
        _ use: (Span<UInt8>, _ isNamed: Bool) -> Result
    ) -> Result {
        switch form {
        case .inPlace(let parts): return parts.item.withRawBytes { use($0, false) }
        case .evaluated(let parts):
            switch parts.content {
            case .body: return body.withBytes { use($0, false) }
            case .item(let item): return item.withJSONBytes { use($0, false) }
            case .identity(let bytes): return use(bytes.span, true)
            }
        }
    }

    /// How many bytes the result has.
    var resultCount: Int {
        switch form {
        case .inPlace(let parts): parts.result?.rawRange.count ?? Self.nullText.count
        case .evaluated(let parts): parts.result.count
        }
    }

    /// Its record, in one allocation.
    ///
    /// - Parameters:
    ///   - key: Its key, as it is lent already.
    ///   - channel: The endpoint's channel.
    ///   - requestID: The request it came in.
    /// - Returns: The record.
    @inline(__always)
    func record(key: Span<UInt8>, _ channel: Channel, _ requestID: UUIDv7) -> CallbackRecord {
        let facts = (channel: channel, hasFailed: verdict == .failure, requestID: requestID)
        switch form {
        case .evaluated(let parts):
            let result = parts.result
            guard let status = parts.status else {
                return Self.record(key, nil as Span<UInt8>?, result.span, facts)
            }
            return Self.record(key, status.span, result.span, facts)
        case .inPlace(let parts):
            guard let result = parts.result else {
                return Self.record(key, parts.status, Self.nullText.span, facts)
            }
            return result.withRawBytes { Self.record(key, parts.status, $0, facts) }
        }
    }

    private typealias RecordFacts = (channel: Channel, hasFailed: Bool, requestID: UUIDv7)

    @inline(__always)
    private static func record(
        _ key: Span<UInt8>,
        _ status: JSONElement?,
        _ result: Span<UInt8>,
        _ facts: RecordFacts
    ) -> CallbackRecord {
        status?.withStringBytes { record(key, $0, result, facts) }
            ?? record(key, nil as Span<UInt8>?, result, facts)
    }

    @inline(__always)
    private static func record(
        _ key: Span<UInt8>,
        _ status: Span<UInt8>?,
        _ result: Span<UInt8>,
        _ facts: RecordFacts
    ) -> CallbackRecord {
        CallbackRecord(
            channel: facts.channel,
            key: key,
            status: status,
            result: result,
            hasFailed: facts.hasFailed,
            requestID: facts.requestID
        )
    }

    private static let nullText = Array("null".utf8)

    /// The key's bytes, copied.
    package var keyBytes: [UInt8] { withKey { $0.copied } }

    /// The status's text; nil where the endpoint has none or the callback does not carry it.
    package var status: String? {
        switch form {
        case .inPlace(let parts): parts.status?.withStringBytes { String(utf8: $0) }
        case .evaluated(let parts): parts.status.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Whether it carries a status.
    var hasStatus: Bool {
        switch form {
        case .inPlace(let parts): parts.status != nil
        case .evaluated(let parts): parts.status != nil
        }
    }

    /// The result's JSON text, copied; empty where the work is still in progress.
    package var result: [UInt8] {
        switch form {
        case .inPlace where verdict == .progress: []
        case .inPlace(let parts): parts.result?.withRawBytes { $0.copied } ?? Self.nullText
        case .evaluated(let parts): parts.result
        }
    }
}
