internal import Expressions
package import HTTPEngine
internal import JSONWire
internal import Primitives

/// One callback as its endpoint reads it: the key it carries, what it says, and what came of the work.
package struct CallbackReading {
    /// The key's bytes.
    package let key: [UInt8]
    /// What it says.
    package let verdict: Verdict
    /// The status's text, where the endpoint has one and the callback carries it.
    package let status: String?
    /// The result as JSON text.
    package let result: [UInt8]

    /// Reads one callback.
    ///
    /// - Throws: 422 when the key is missing or no key, or an expression fails on it.
    package init(_ scope: ListenerScope, endpoint: CallbackEndpoint) throws(Problem) {
        key = try Self.key(scope, endpoint)
        do throws(EvaluationError) {
            status = try endpoint.status.flatMap { template throws(EvaluationError) in
                try Self.text(template.evaluate(scope))
            }
            verdict = Verdict(
                status: status,
                successWhen: endpoint.successWhen,
                failWhen: endpoint.failWhen
            )
            result = verdict == .progress ? [] : try Self.result(scope, endpoint)
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

    private static func text(_ value: JSONValue) -> String? {
        value.isNull ? nil : TextForm.text(of: value)
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
        if case .json(let element) = part { return element.rawCopy }
        guard let template = endpoint.result else { return scope.item.select([]).jsonBytes }
        return try template.evaluate(scope).jsonBytes
    }
}

extension JSONElement {
    /// The element's JSON text as it stands in the body.
    fileprivate var rawCopy: [UInt8] {
        withRawBytes { bytes in
            [UInt8](capacity: bytes.count) { out in
                for index in bytes.indices { out.append(bytes[index]) }
            }
        }
    }
}
