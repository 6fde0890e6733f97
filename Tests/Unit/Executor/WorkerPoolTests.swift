import Executor
import Primitives
import Synchronization
import TestKit
import Testing

@Suite struct WorkerPoolTests {
    @Test(arguments: [1, 4])
    func `every job runs before the pool has stopped`(_ threads: Int) {
        let pool = WorkerPool(threads: threads, name: "pool")
        let count = Tally()
        for _ in 0..<2_000 { pool.submit(Step { count.add() }) }
        pool.submit((0..<500).map { _ in Step { count.add() } })
        pool.stop()
        #expect(count.value == 2_500)
    }

    @Test func `one worker keeps the order of submission`() {
        let pool = WorkerPool(threads: 1, name: "pool")
        let seen = Tally()
        for number in 0..<500 { pool.submit(Step { seen.append(number) }) }
        pool.stop()
        #expect(seen.numbers == Array(0..<500))
    }

    @Test func `jobs run on several threads at once`() {
        let pool = WorkerPool(threads: 3, name: "pool")
        let first = Parker()
        let second = Parker()
        let done = Parker()
        pool.submit(
            Step {
                first.park(); second.unpark()
            }
        )
        pool.submit(
            Step {
                first.unpark(); second.park(); done.unpark()
            }
        )
        done.park()
        pool.stop()
    }

    @Test func `what jobs submit while the pool stops is run as well`() {
        let pool = WorkerPool(threads: 2, name: "pool")
        let count = Tally()
        for _ in 0..<50 {
            pool.submit(
                Step {
                    pool.submit(
                        Step {
                            count.add(); pool.submit(Step { count.add() })
                        }
                    )
                }
            )
        }
        pool.stop()
        #expect(count.value == 100)
    }

    @Test func `a stopped pool refuses, and stopping twice is fine`() {
        let pool = WorkerPool(threads: 2, name: "pool")
        pool.stop()
        pool.stop()
        #expect(!pool.submit(Step {}))
        #expect(!pool.submit([Step {}]))
    }

    @Test func `many threads submit and nothing is lost`() {
        let pool = WorkerPool(threads: 3, name: "pool")
        let count = Tally()
        let senders = (0..<4).map { _ in
            WorkerThread(name: "sender") {
                for _ in 0..<1_000 { pool.submit(Step { count.add() }) }
            }
        }
        for sender in senders { sender.join() }
        pool.stop()
        #expect(count.value == 4_000)
    }

    @Test func `a pool that nobody holds ends its threads`() {
        let done = Parker()
        do {
            let pool = WorkerPool(threads: 2, name: "pool")
            pool.submit(Step { done.unpark() })
        }
        done.park()
    }

    @Test func `an idle pool wakes for each later job`() {
        let pool = WorkerPool(threads: 2, name: "pool")
        let done = Parker()
        for _ in 0..<300 {
            pool.submit(Step { done.unpark() })
            done.park()
        }
        pool.stop()
    }
}
