internal import Expressions
internal import JSONWire

extension CallbackPlan.Door {
    /// The key that callbacks of this endpoint will carry, as far as the response and the sent URL tell; nil for none.
    ///
    /// - Throws: Where the expression of `identify_by` fails on the response.
    func key(response: JSONValue, _ scope: ActionScope) throws(EvaluationError) -> [UInt8]? {
        guard let identifyBy = endpoint.identifyBy else { return Array("__callback__".utf8) }
        var query = JSONValue.null
        if identifyBy.references.contains(where: { $0.source == .query }) {
            query = URLJoin.query(of: TextForm.text(of: try url.evaluate(scope)))
        }
        let value = try identifyBy.evaluate(
            ResponseAsCallbackScope(response: response, query: query)
        )
        do throws(KeyText.Problem) {
            return try KeyText.bytes(of: value)
        } catch {
            // A response need not tell a key: the try's id stays.
            return nil
        }
    }
}
