internal import HTTPEngine

/// What of a request, beside its body, tells whether it came before.
struct RequestIdentity: Sendable {
    /// Its `Idempotency-Key`.
    let key: IdempotencyKey?
    /// Its query as it was sent: a part of what it carries.
    let query: [UInt8]

    /// Takes it from a request.
    ///
    /// - Throws: 400 for an `Idempotency-Key` that is malformed.
    init(_ request: borrowing Request) throws(Problem) {
        key = try IdempotencyKey.of(request)
        query = request.rawQuery.map { Array($0.utf8) } ?? []
    }

    /// Nothing tells that the request came before: it is a new one, whatever it carries.
    static let new = RequestIdentity()

    private init() {
        key = nil
        query = []
    }
}
