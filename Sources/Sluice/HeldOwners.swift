internal import Journal
internal import Listeners
internal import Store

/// Who held callbacks of a store count against in the present configuration.
struct HeldOwners {
    private var byNumber: [Int: Int] = [:]
    private var byEndpoint: [String: Int] = [:]
    private var shares: [String: Int] = [:]
    private let nobody: Int

    /// Knows the listeners and endpoints of a configuration.
    ///
    /// `nobody` is one past the last place that somebody's limits have.
    init(_ listeners: [ListenerSettings], nobody: Int? = nil) {
        self.nobody = nobody ?? listeners.heldLimits.count
        for listener in listeners {
            byNumber[listener.number] = listener.index
            guard case .callbacks(let endpoints) = listener.endpoints else { continue }
            for endpoint in endpoints {
                byEndpoint[endpoint.name] = endpoint.heldPlace ?? listener.index
                if endpoint.settings.held != nil {
                    byNumber[endpoint.settings.listenerNumber] = endpoint.heldPlace
                } else {
                    shares[endpoint.name] = endpoint.heldPlace
                }
            }
        }
    }

    /// The place of the listener that a held callback counts against; one past the last where that is nobody, because its
    /// listener is not in the configuration any more: it is handed to a waiter or expires as any other.
    func place(of held: StoredHeld) -> Int {
        if held.listener >= ListenerNumbers.first {
            guard let place = byNumber[held.listener] else { return nobody }
            return shares[held.arrival.endpoint] ?? place
        }
        // Versions before 0.2 wrote the listener's place, which may be another one's by now; the endpoint's name tells.
        return byEndpoint[held.arrival.endpoint] ?? nobody
    }
}
