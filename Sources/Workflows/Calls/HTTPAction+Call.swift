internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension HTTPAction {
    /// Renders the request.
    ///
    /// - Throws: Where an expression fails.
    /// - Returns: A failure where what the expressions yield makes no request.
    func call(
        _ action: ActionPlan,
        _ scope: ActionScope,
        idempotencyKey: String,
        takesAnyStatus: Bool = false,
        keepsHeaders: Bool = false
    ) throws(EvaluationError) -> Result<HTTPCall, CallFailure> {
        let base = TextForm.text(of: try self.base?.evaluate(scope) ?? .null)
        let path = TextForm.text(of: try self.path?.evaluate(scope) ?? .null)
        let params = try self.params?.evaluate(scope) ?? .null
        switch params {
        case .object, .null: break
        default:
            return action.refused("the params must be a map, not \(params.kindWithArticle)")
        }
        let url = URLJoin.adding(params, to: URLJoin.join(base: base, path: path))
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            return action.refused("the URL does not begin with http:// or https://")
        }
        let method = TextForm.text(of: try self.method.evaluate(scope)).uppercased()
        var fields = HeaderFields()
        for (name, template) in headers { fields.set(name, try template.evaluate(scope)) }
        guard fields.areValid, HeaderFields.isToken(method) else {
            return action.refused("the method or a header has characters that HTTP forbids")
        }
        let body = try self.body?.evaluate(scope) ?? .null
        return OutgoingBody.encode(body, &fields).map { bytes in
            fields.setDefault("Idempotency-Key", idempotencyKey)
            return HTTPCall(
                component: action.component,
                server: server,
                method: method,
                url: url,
                shownURL: ShownURL.text(of: url, hiding: pathSecrets),
                headers: fields.pairs,
                body: bytes,
                timeout: action.timeout,
                streamFormat: streamFormat,
                takesAnyStatus: takesAnyStatus,
                keepsHeaders: keepsHeaders
            )
        }
    }
}

extension ActionPlan {
    /// A request that cannot be made, with the place where its action is written.
    func refused<Call>(_ reason: String) -> Result<Call, CallFailure> {
        let message = "\(position.description): component '\(component)': \(reason)"
        return .failure(CallFailure(code: .requestInvalid, message: message))
    }
}
