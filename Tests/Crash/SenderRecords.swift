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

    /// All there is; guarded by the monitor.
    struct Book: Sendable {
        var orders: [Int: Order] = [:]
        var next = 0
        var requests = 0
        var acknowledged = 0
        var complaints: [String] = []
        var complaintCount = 0
    }

    let book = Monitor(Book())

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
    let _: Bool? = Monitor(()).wait(until: .milliseconds(milliseconds)) { _ in nil }
}
