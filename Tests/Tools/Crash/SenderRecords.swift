internal import TestKit

/// What the senders and services know of their own: what was answered, and what came to them.
final class SenderRecords: Sendable {
    /// What one order came to.
    struct Order: Sendable {
        /// The runs that were named to its sender; one, or something was doubled.
        var tasks: Set<String> = []
        /// Whether its payment was acknowledged.
        var isPaid = false
        /// The runs that asked the service for it.
        var askedBy: Set<String> = []
        /// The tries under which the service was asked.
        var attempts: Set<String> = []
        /// The keys under which its end was noted.
        var notes: Set<String> = []
    }

    /// What became of a request that was sent once.
    enum Outcome: Sendable {
        case acknowledged, refused, unknown
    }

    /// What is known of an errand.
    struct ErrandState: Sendable {
        var errand = Errand.ask
        var task: String?
        /// Whether its answer, cancel or retry was acknowledged.
        var isDone = false
        /// Whether the service lets it pass from now on.
        var mayPass = false
        /// What the service was told by its run.
        var mark: String?
    }

    /// All there is; guarded by the monitor.
    struct Book: Sendable {
        var orders: [Int: Order] = [:]
        var next = 0
        var shots: [Int: Outcome] = [:]
        var shotNext = 0
        var errands: [Int: ErrandState] = [:]
        var requests = 0
        var acknowledged = 0
        var complaints: [String] = []
        var complaintCount = 0
    }

    let book = Watched(Book())

    /// The number of a new order.
    func begin() -> Int {
        book.withLock { book in
            book.next += 1
            book.orders[book.next] = Order()
            return book.next
        }
    }

    /// Changes what is known of an order.
    func change(_ number: Int, _ body: (inout Order) -> Void) {
        book.withLock { body(&$0.orders[number, default: Order()]) }
    }

    /// The number of a new errand.
    func beginErrand() -> Int {
        book.withLock { book in
            let number = book.errands.count + 1
            book.errands[number] = ErrandState()
            return number
        }
    }

    /// Changes what is known of an errand.
    func changeErrand(_ number: Int, _ body: (inout ErrandState) -> Void) {
        book.withLock { body(&$0.errands[number, default: ErrandState()]) }
    }

    /// The number of a new request that is sent once.
    func beginShot() -> Int {
        book.withLock { book in
            book.shotNext += 1
            return book.shotNext
        }
    }

    /// Notes what became of it.
    func endShot(_ number: Int, _ outcome: Outcome) {
        book.withLock { book in
            book.shots[number] = outcome
            if outcome == .acknowledged { book.acknowledged += 1 }
        }
    }

    func count(_ what: WritableKeyPath<Book, Int>) {
        book.withLock { $0[keyPath: what] += 1 }
    }

    /// Notes that something was not as it must be.
    func complain(_ text: String) {
        book.withLock { book in
            book.complaintCount += 1
            if book.complaints.count < 20 { book.complaints.append(text) }
        }
    }
}

/// Lets a moment pass, where there is nothing that could be waited for: a server that is down.
func pause(milliseconds: Int64) {
    let _: Bool? = Watched(()).wait(until: .milliseconds(milliseconds)) { _ in nil }
}
