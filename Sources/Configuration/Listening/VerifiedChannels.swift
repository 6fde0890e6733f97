internal import Listeners
package import Rendezvous
internal import Verification

/// Which channels endpoints end up on, and whose held callbacks count together, once all listeners are read.
enum VerifiedChannels {
    /// Puts every endpoint that names no channel, that nothing verifies and that no wait names, on the default channel.
    ///
    /// What is left with a channel of its own is answered only there: a wait that handed out an endpoint's URL, or is for a
    /// verified endpoint, cannot be answered through another endpoint. Waits on the default channel listen on all channels
    /// that endpoints have for themselves, save those of verified ones beside unverified ones (``areApart(_:)``).
    ///
    /// - Parameters:
    ///   - listeners: The listeners as they were read: every endpoint has a channel of its own.
    ///   - inUse: The channels that waits name.
    /// - Returns: The listeners, and the channels that make up the default one.
    static func joined(
        _ listeners: [ListenerSettings],
        inUse: Set<UInt32>
    ) -> (listeners: [ListenerSettings], defaultChannels: [UInt32]) {
        var defaults: Set<UInt32> = [Channel.standard.number]
        let areApart = areApart(listeners)
        let shares = shares(listeners)
        // The bounds of endpoints stand behind those of the listeners, and the shares behind both (`heldLimits`).
        var ownPlace = listeners.count
        let firstShare = listeners.heldLimits.count
        let joined = listeners.map { listener -> ListenerSettings in
            guard case .callbacks(let endpoints) = listener.endpoints else { return listener }
            let share = shares.firstIndex(of: listener.index).map { firstShare + $0 }
            var listener = listener
            listener.endpoints = .callbacks(
                endpoints.map { endpoint in
                    var settings = endpoint.settings
                    let isVerified = settings.verifier != nil
                    if settings.held != nil {
                        settings.heldPlace = ownPlace
                        ownPlace += 1
                    } else if !isVerified {
                        settings.heldPlace = share
                    }
                    if settings.isOnDefaultChannel {
                        if !isVerified, !inUse.contains(settings.channel.number) {
                            settings.channel = .standard
                        }
                        if !isVerified || !areApart { defaults.insert(settings.channel.number) }
                    }
                    return CallbackEndpoint(settings)
                }
            )
            return listener
        }
        return (joined, defaults.sorted())
    }

    /// Whether verified endpoints answer only waits that name them or their channel: that is so where there are endpoints
    /// beside them that nothing verifies, which answer the waits that name nothing.
    static func areApart(_ listeners: [ListenerSettings]) -> Bool {
        listeners.contains { listener in
            guard case .callbacks(let endpoints) = listener.endpoints else { return false }
            return endpoints.contains { $0.isOnDefaultChannel && $0.verifier == nil }
        }
    }

    /// The listeners that have verified and unverified endpoints, by their places: of each, those callbacks that nothing
    /// verifies have a share of what it may hold.
    static func shares(_ listeners: [ListenerSettings]) -> [Int] {
        listeners.compactMap { listener in
            guard case .callbacks(let endpoints) = listener.endpoints else { return nil }
            let verified = endpoints.count { $0.verifier != nil }
            return verified > 0 && verified < endpoints.count ? listener.index : nil
        }
    }
}

extension Configuration {
    /// What callbacks may be held: the limits of the listeners in their order, those of endpoints that have their own, then the
    /// shares of unverified callbacks.
    package var heldLimits: [WaiterTable.HeldLimits] {
        let shares = VerifiedChannels.shares(listeners).map { place in
            listeners[place].held.half(at: place)
        }
        return listeners.heldLimits + shares
    }
}
