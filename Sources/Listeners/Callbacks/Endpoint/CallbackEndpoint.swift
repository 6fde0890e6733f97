internal import Expressions
internal import Primitives
package import Rendezvous

/// One endpoint of a callback listener as it is served: its settings, and what is worked out of them once.
///
/// A class, so that taking it in hand for a request costs one reference and not a copy of all its settings.
@dynamicMemberLookup
package final class CallbackEndpoint: Sendable {
    /// The key of every callback of an endpoint without `identify_by`.
    static let sharedKey = Array("__callback__".utf8)

    /// What the configuration says of it.
    package let settings: CallbackSettings
    /// The channel its keys are on.
    package let channel: Channel
    /// The paths by which its callbacks are read in place; nil where its expressions have to be evaluated.
    let fastPath: FastPath?
    /// What its statuses mean.
    let statusRule: StatusRule
    /// Whether anything of a request beside body and query is read or makes up what a callback is.
    let takesFacts: Bool
    /// What counts how often each key comes; nil where nothing does.
    let keyRates: KeyRates?
    /// The status that every success answer has; nil: each has its own.
    let respondStatus: Int?
    /// Whether the body makes a difference to what its callbacks say.
    let readsBody: Bool
    /// What the waiter table is told with each callback.
    let arriveOptions: ArriveOptions

    /// Works out what an endpoint needs to be served.
    package init(_ settings: CallbackSettings) {
        self.settings = settings
        channel = settings.channel
        takesFacts =
            !settings.facts.isDisjoint(with: RequestFacts.sources)
            || !settings.pattern.parameters.isEmpty
        respondStatus = settings.respondStatus
        readsBody =
            settings.result == nil || settings.facts.contains(.body)
            || settings.facts.contains(.item)
        keyRates = KeyRates(settings.rules.rates)
        fastPath = settings.item == nil || settings.isBulk ? FastPath(settings) : nil
        statusRule = StatusRule(
            successWhen: settings.successWhen,
            failWhen: settings.failWhen
        )
        arriveOptions = ArriveOptions(
            reuseKeys: settings.reusesKeys,
            rejectUnmatched: settings.rejectsUnmatched,
            holdFor: settings.holdFor,
            listener: settings.heldPlace ?? settings.listener
        )
    }

    /// A setting of the endpoint.
    package subscript<Value>(dynamicMember path: KeyPath<CallbackSettings, Value>) -> Value {
        settings[keyPath: path]
    }
}
