import Executor
import Primitives
import Synchronization
import Testing

@Suite struct MailboxTests {
    @Test func `events are handled in the order they were sent`() {
        let pool = WorkerPool(threads: 4, name: "pool")
        let seen = Tally()
        let mailbox = Clerk(pool) { batch in for event in batch { seen.append(event) } }
        for number in 0..<3_000 { mailbox.send(number) }
        pool.stop()
        #expect(seen.numbers == Array(0..<3_000))
    }

    @Test func `many senders lose nothing, keep their order, and meet one handler at a time`() {
        let pool = WorkerPool(threads: 4, name: "pool")
        let seen = Tally()
        let inside = Inside()
        let mailbox = Clerk(pool) { batch in
            inside.enter()
            for event in batch { seen.append(event) }
            inside.leave()
        }
        let senders = (0..<4).map { sender in
            WorkerThread(name: "sender") {
                for number in 0..<1_500 { mailbox.send(sender * 10_000 + number) }
            }
        }
        for sender in senders { sender.join() }
        pool.stop()
        #expect(inside.most == 1)
        #expect(seen.numbers.count == 6_000)
        for sender in 0..<4 {
            let own = seen.numbers.filter { $0 / 10_000 == sender }
            #expect(own == own.sorted())
        }
    }

    @Test func `mail is handled once its job is queued with others`() {
        let pool = WorkerPool(threads: 2, name: "pool")
        let seen = (0..<3).map { _ in Tally() }
        let clerks = seen.map { tally in
            Clerk(pool) { batch in for event in batch { tally.append(event) } }
        }
        // Only the first piece of mail makes somebody queue its job.
        let isToQueue = clerks.map { clerk in (0..<2).map { clerk.mailbox.put($0) } }
        #expect(isToQueue == [[true, false], [true, false], [true, false]])
        #expect(seen.allSatisfy { $0.numbers.isEmpty })
        pool.submit(clerks)
        pool.stop()
        #expect(seen.map(\.numbers) == [[0, 1], [0, 1], [0, 1]])
    }

    @Test func `mailboxes do not wait for each other`() {
        let pool = WorkerPool(threads: 2, name: "pool")
        let gate = Parker()
        let done = Parker()
        let slow = Clerk(pool) { _ in gate.park() }
        let fast = Clerk(pool) { _ in done.unpark() }
        slow.send(1)
        fast.send(1)
        done.park()
        gate.unpark()
        pool.stop()
    }

    @Test func `a handler may send to its own mailbox`() {
        let pool = WorkerPool(threads: 2, name: "pool")
        let chain = Chain(pool: pool)
        chain.mailbox.send(500)
        chain.done.park()
        pool.stop()
        #expect(chain.seen.numbers == Array((0...500).reversed()))
    }

    /// A job with a mailbox.
    private final class Clerk: Job {
        private let pool: WorkerPool
        private let handle: @Sendable ([Int]) -> Void
        let mailbox = Mailbox<Int>()

        init(_ pool: WorkerPool, _ handle: @escaping @Sendable ([Int]) -> Void) {
            self.pool = pool
            self.handle = handle
        }

        func send(_ event: Int) {
            if mailbox.put(event) { pool.submit(self) }
        }

        func run() {
            handle(mailbox.take())
            if !mailbox.endTurn() { pool.submit(self) }
        }
    }

    /// Counts how many threads are between `enter` and `leave`.
    private final class Inside: Sendable {
        private let state = Lock((now: 0, most: 0))

        var most: Int { state.withLock { $0.most } }

        func enter() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }

        func leave() { state.withLock { $0.now -= 1 } }
    }

    /// A mailbox that counts down by sending to itself.
    private final class Chain: Sendable {
        let seen = Tally()
        let done = Parker()
        private let box: Lock<Clerk?> = Lock(nil)

        init(pool: WorkerPool) {
            let made = Clerk(pool) { [weak self] batch in self?.handle(batch) }
            box.withLock { $0 = made }
        }

        var mailbox: Clerk {
            guard let mailbox = box.withLock({ $0 }) else { preconditionFailure("no mailbox") }
            return mailbox
        }

        private func handle(_ batch: [Int]) {
            for event in batch {
                seen.append(event)
                if event > 0 { mailbox.send(event - 1) } else { done.unpark() }
            }
        }
    }
}
