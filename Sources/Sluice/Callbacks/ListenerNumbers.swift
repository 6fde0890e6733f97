internal import Documents

/// The numbers of listeners, by which the journal says who holds a callback: each is given by the listener's name alone, so
/// that it is the same whatever stands before it in the configuration.
struct ListenerNumbers {
    /// Where the numbers begin; versions before 0.2 wrote a listener's place in the configuration, which is below.
    static let first = 1 << 31

    private var taken: Set<UInt32> = []

    /// The number of a listener.
    ///
    /// - Parameter name: Its `id`, or its type, address and base path.
    /// - Returns: The number, the same for the same name; the next free one where two names have the same.
    mutating func number(of name: String) -> Int {
        let hash = name.utf8.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let mark = UInt32(truncatingIfNeeded: Self.first)
        var number = hash | mark
        while !taken.insert(number).inserted { number = (number &+ 1) | mark }
        return Int(number)
    }
}

/// Who held callbacks of a store count against in the present configuration.
struct HeldOwners {
    private var byNumber: [Int: Int] = [:]
    private var byEndpoint: [String: Int] = [:]
    private let nobody: Int

    /// Knows the listeners of a configuration.
    init(_ listeners: [ListenerSettings]) {
        nobody = listeners.count
        for listener in listeners {
            byNumber[listener.number] = listener.index
            guard case .callbacks(let endpoints) = listener.endpoints else { continue }
            for endpoint in endpoints { byEndpoint[endpoint.name] = listener.index }
        }
    }

    /// The place of the listener that a held callback counts against; one past the last where that is nobody, because its
    /// listener is not in the configuration any more: it is handed to a waiter or expires as any other.
    func place(of held: StoredHeld) -> Int {
        if held.listener >= ListenerNumbers.first { return byNumber[held.listener] ?? nobody }
        // Versions before 0.2 wrote the listener's place, which may be another one's by now; the endpoint's name tells.
        return byEndpoint[held.arrival.endpoint] ?? nobody
    }
}
