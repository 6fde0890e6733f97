internal import Outbound
internal import Primitives
internal import Synchronization
internal import Workflows

/// A call that is under way.
struct Flight: Hashable, Sendable {
    /// The run it belongs to.
    let run: UUIDv7
    /// The step's attempt.
    let attempt: AttemptRef
}

/// The requests that are under way, so that they can be cancelled.
///
/// May be used on any thread.
final class FlightBoard: Sendable {
    private let flights = Mutex(Flights())

    /// Makes an empty board.
    init() {}

    /// Notes the id of a request; nothing stays where it has landed already.
    func takeOff(_ flight: Flight, _ id: OutboundID) {
        flights.withLock { flights in
            if flights.landedEarly.remove(flight) == nil { flights.ids[flight] = id }
        }
    }

    /// Notes the end of a request, which may come before its id is known.
    func land(_ flight: Flight) {
        flights.withLock { flights in
            if flights.ids.removeValue(forKey: flight) == nil {
                flights.landedEarly.insert(flight)
            }
        }
    }

    /// The id of a request that is under way; nil where it is not.
    func id(of flight: Flight) -> OutboundID? {
        flights.withLock { $0.ids[flight] }
    }

    /// What the lock guards.
    private struct Flights {
        var ids: [Flight: OutboundID] = [:]
        var landedEarly: Set<Flight> = []
    }
}
