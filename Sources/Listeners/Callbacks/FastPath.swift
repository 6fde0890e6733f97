internal import Expressions
internal import JSONWire

/// The paths of an endpoint whose expressions only name parts of a JSON body: its callbacks are read without building
/// a value or a text.
struct FastPath: Sendable {
    /// Where a value stands: in the whole body, or in the item.
    struct Place: Sendable {
        private let isInItem: Bool
        private let steps: [PathStep]
        /// The name, where the path is one name: the usual path, gone without looking at steps.
        private let name: JSONName?

        /// The place a reference names; nil where it is no path of names and indices into body or item.
        init?(_ reference: Reference) {
            guard reference.source == .body || reference.source == .item else { return nil }
            for step in reference.steps {
                switch step {
                case .member: continue
                case .index(let index) where index >= 0: continue
                default: return nil
                }
            }
            isInItem = reference.source == .item
            steps = reference.steps
            if case .member(let name) = steps.first, steps.count == 1 {
                self.name = name
            } else {
                name = nil
            }
        }

        /// The element at the place; nil where it is missing.
        func element(body: JSONElement, item: JSONElement) -> JSONElement? {
            let start = isInItem ? item : body
            guard let name else { return start.descend(steps) }
            return start.member(name)
        }
    }

    /// Where the key stands.
    let key: Place
    /// Where the status stands; nil where the endpoint has none.
    let status: Place?
    /// Where the result stands; nil: it is the item.
    let result: Place?

    /// The paths of an endpoint; nil where one of its expressions does more than name a part of the body, or one more tells
    /// repeated callbacks.
    init?(_ settings: CallbackSettings) {
        guard settings.deduplication == nil,
            let key = settings.identifyBy?.plainReference.flatMap(Place.init)
        else { return nil }
        self.key = key
        if let status = settings.status {
            guard let place = status.plainReference.flatMap(Place.init) else { return nil }
            self.status = place
        } else {
            self.status = nil
        }
        if let result = settings.result {
            guard let place = result.plainReference.flatMap(Place.init) else { return nil }
            self.result = place
        } else {
            self.result = nil
        }
    }
}
