package import HTTPEngine
internal import Primitives
internal import Rendezvous
package import Runs

/// Reading callbacks, in place or by the endpoint's expressions.
extension CallbackEndpoint {
    /// Reads one callback, and has its key looked for.
    ///
    /// - Parameters:
    ///   - item: The callback.
    ///   - root: The body it is a part of.
    ///   - mistake: That the body looks like JSON and was read as something else.
    ///   - matcher: Who looks for the key.
    ///   - facts: What expressions see of the request beside its body.
    ///   - gateways: What they see of gateways.
    /// - Returns: The callback.
    /// - Throws: 422 when the key is missing or no key, or an expression fails on it; 400 where the body was meant as JSON
    ///   and read as something else, so that what it says is not what was read.
    @inline(__always)
    package func read(
        _ item: ListenerScope.Tree,
        of root: ListenerScope.Tree,
        mistake: RequestBody.Mistake?,
        _ matcher: CallbackMatcher,
        _ facts: RequestFacts,
        _ gateways: GatewayAddresses
    ) throws(Problem) -> Callback {
        if let fastPath, case .json(let body) = root, case .json(let element) = item,
            let callback = Callback(
                fastPath,
                statusRule,
                body: body,
                item: element,
                prepare: { matcher.prepare($0, channel) }
            )
        {
            return callback
        }
        let scope = ListenerScope(
            body: root,
            item: item,
            facts: facts,
            gateways: gateways.values
        )
        return try evaluate(item, mistake, scope).prepared { matcher.prepare($0, channel) }
    }

    @inline(never)
    private func evaluate(
        _ item: ListenerScope.Tree,
        _ mistake: RequestBody.Mistake?,
        _ scope: ListenerScope
    ) throws(Problem) -> Callback {
        let callback = try Callback(scope, endpoint: self)
        if !settings.isBulk, let mistake {
            // A status that is not found would be a success.
            let lacksStatus = settings.status != nil && !callback.hasStatus
            if lacksStatus || mistake.isForm && readsBody { throw mistake.problem }
        }
        if let identity = try settings.deduplication?.identity(scope) {
            return callback.told(by: .identity(identity))
        }
        return settings.isBulk ? callback.told(by: .item(item)) : callback
    }
}
