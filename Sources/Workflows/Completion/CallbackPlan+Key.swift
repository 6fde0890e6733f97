internal import Expressions
internal import JSONWire

extension CallbackPlan.Target {
    /// The key that callbacks of this endpoint will carry, as far as the response and the sent URL tell; nil for none.
    ///
    /// - Throws: Where the expression of `identify_by` fails on the response.
    func key(response: JSONValue, _ scope: ActionScope) throws(EvaluationError) -> [UInt8]? {
        guard let identifyBy = endpoint.identifyBy else { return Array("__callback__".utf8) }
        let readsURL = identifyBy.references.contains {
            $0.source == .query || $0.source == .path
        }
        let sent = readsURL ? sentURL(TextForm.text(of: try url.evaluate(scope)), scope) : nil
        let value = try identifyBy.evaluate(
            ResponseAsCallbackScope(
                response: response,
                query: sent.map { URLJoin.query(of: "?\($0.query)") } ?? .null,
                path: sent.map { pathValues($0, scope.gateways) } ?? .null
            )
        )
        do throws(KeyText.Problem) {
            return try KeyText.bytes(of: value)
        } catch {
            // A response need not tell a key: the try's id stays.
            return nil
        }
    }
    /// The URL of this endpoint in a text that was sent.
    private func sentURL(_ text: String, _ scope: ActionScope) -> OwnURL? {
        for reading in ScannedText.readings(text) {
            let found = reading.urls().first { $0.leads(to: endpoint, scope.gateways) }
            if let found { return found }
        }
        return nil
    }

    /// What the path of a URL has for each parameter of the endpoint's.
    private func pathValues(_ url: OwnURL, _ gateways: GatewayValues) -> JSONValue {
        var values = JSONObject()
        for value in url.values(for: endpoint, gateways) ?? [] {
            values[value.name] = .string(PercentText.decoded(value.text))
        }
        return .object(values)
    }
}
