internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension HTTPAction {
    /// Renders the request.
    ///
    /// - Throws: Where an expression fails.
    /// - Returns: The request, or why what the expressions yield makes none.
    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork {
        let scope = context.scope
        let base = TextForm.text(of: try self.base?.evaluate(scope) ?? .null)
        let path = TextForm.text(of: try self.path?.evaluate(scope) ?? .null)
        let params = try self.params?.evaluate(scope) ?? .null
        switch params {
        case .object, .null: break
        default:
            return context.refused("the params must be a map, not \(params.kindWithArticle)")
        }
        let url = URLJoin.adding(params, to: URLJoin.join(base: base, path: path))
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            return context.refused("the URL does not begin with http:// or https://")
        }
        let method = TextForm.text(of: try self.method.evaluate(scope)).uppercased()
        var fields = HeaderFields()
        for (name, template) in headers { fields.set(name, try template.evaluate(scope)) }
        guard fields.areValid, HeaderFields.isToken(method) else {
            return context.refused("the method or a header has characters that HTTP forbids")
        }
        let body = try self.body?.evaluate(scope) ?? .null
        switch OutgoingBody.encode(body, &fields) {
        case .failure(let failure): return .refused(failure)
        case .success(let bytes):
            fields.setDefault("Idempotency-Key", context.idempotencyKey)
            return .call(
                HTTPCall(
                    component: context.action.component,
                    server: server,
                    method: method,
                    url: url,
                    shownURL: ShownURL.text(of: url, hiding: pathSecrets),
                    headers: fields.pairs,
                    body: bytes,
                    timeout: context.action.timeout,
                    streamFormat: streamFormat,
                    takesAnyStatus: context.isPoll,
                    keepsHeaders: context.keepsHeaders
                )
            )
        }
    }
}
