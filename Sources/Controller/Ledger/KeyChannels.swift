package import Listeners
internal import Rendezvous

/// What channels are called, for people who look for a key.
package struct KeyChannels: Sendable {
    /// The channel that each callback endpoint is on, by the endpoint's name.
    private let byEndpoint: [String: Channel]
    /// The names of endpoints that take many callbacks in a request.
    private let bulk: Set<String>
    private let names: [Channel: String]
    private let numbers: [String: Channel]

    /// What the default channel is called.
    static let standardName = "default"

    /// Takes the channels of a configuration.
    ///
    /// - Parameters:
    ///   - listeners: Its listeners.
    ///   - channelNames: The numbers of the channels that it names.
    package init(_ listeners: [ListenerSettings], channelNames: [String: UInt32]) {
        var byEndpoint: [String: Channel] = [:]
        var bulk: Set<String> = []
        var names: [Channel: String] = [.standard: Self.standardName]
        for listener in listeners {
            guard case .callbacks(let endpoints) = listener.endpoints else { continue }
            for endpoint in endpoints {
                byEndpoint[endpoint.settings.name] = endpoint.channel
                if endpoint.isBulk { bulk.insert(endpoint.settings.name) }
                // A channel of an endpoint's own is called what the endpoint is.
                if names[endpoint.channel] == nil {
                    names[endpoint.channel] = endpoint.settings.name
                }
            }
        }
        for (name, number) in channelNames {
            names[Channel(number: number)] = name
        }
        self.byEndpoint = byEndpoint
        self.bulk = bulk
        self.names = names
        numbers = Dictionary(
            names.map { ($0.value, $0.key) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The channel of an endpoint; nil where it is none for callbacks, or not there any more.
    func channel(ofEndpoint name: String) -> Channel? { byEndpoint[name] }

    /// Whether an endpoint takes many callbacks in a request.
    func isBulk(_ endpoint: String) -> Bool { bulk.contains(endpoint) }

    /// The channel that is called that; nil where there is none.
    func channel(named name: String) -> Channel? { numbers[name] }

    /// What a channel is called.
    func name(of channel: Channel) -> String {
        names[channel] ?? "\(channel.number), which is not in this configuration"
    }

    /// All names, in order.
    var allNames: [String] { numbers.keys.sorted() }
}
