package import HTTPEngine
internal import Primitives

/// What of a request, beside its body, tells whether it came before.
package struct RequestIdentity: Sendable {
    /// Its `Idempotency-Key`.
    package let key: IdempotencyKey?
    /// Its query as it was sent, and what its path carries: a part of what it carries.
    package let query: [UInt8]

    /// Takes it from a request; with `countsPath` the parameters of its path are a part of what it carries.
    ///
    /// - Throws: 400 for an `Idempotency-Key` that is malformed.
    package init(_ request: borrowing Request, countsPath: Bool = false) throws(Problem) {
        key = try IdempotencyKey.of(request)
        let parameters = countsPath ? request.parameters : []
        query =
            parameters.isEmpty
            ? request.withRawQuery { $0.copied }
            : CarriedParts(request, parameters: parameters, counted: []).bytes
    }

    /// Nothing tells that the request came before: it is a new one, whatever it carries.
    static let new = RequestIdentity()

    private init() {
        key = nil
        query = []
    }
}
