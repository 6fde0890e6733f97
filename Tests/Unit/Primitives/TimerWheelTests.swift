import Primitives
import Testing

@Suite struct TimerWheelTests {
    private func at(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    /// Random timers and jumps of time of every size, against a plain list.
    @Test(arguments: 0..<20)
    func `timers fire as those of a sorted list do`(_ seed: UInt64) {
        var source = SplitMix64(seed: seed)
        var wheel = TimerWheel<Int>(start: at(0))
        var list: [(deadline: UInt64, id: Int, handle: TimerWheel<Int>.Handle)] = []
        var now: UInt64 = 0
        for id in 0..<2_000 {
            switch source.below(10) {
            case 0..<5:
                let reach = UInt64(1) << UInt64(source.below(40))
                let deadline = now + source.next() % reach
                list.append((deadline, id, wheel.insert(deadline: at(deadline), id)))
            case 5, 6:
                guard !list.isEmpty else { continue }
                let victim = list.remove(at: source.below(list.count))
                let cancelled = wheel.cancel(victim.handle)
                let again = wheel.cancel(victim.handle)
                #expect(cancelled == victim.id && again == nil)
            default:
                now += source.next() % (UInt64(1) << UInt64(source.below(34)))
                let due = list.filter { $0.deadline <= now }
                list.removeAll { $0.deadline <= now }
                let fired = wheel.advance(to: at(now))
                #expect(Set(fired) == Set(due.map(\.id)), "seed \(seed)")
                #expect(fired.count == due.count, "seed \(seed)")
                for timer in due {
                    let cancelled = wheel.cancel(timer.handle)
                    #expect(cancelled == nil)
                }
            }
            let (count, next) = (wheel.count, wheel.next)
            #expect(count == list.count)
            let nearest = list.map(\.deadline).min()
            #expect((next == nil) == (nearest == nil))
            if let next, let nearest { #expect(next <= at(max(nearest, now))) }
        }
    }

    @Test func `timers fire in the order of their milliseconds`() {
        var wheel = TimerWheel<UInt64>(start: at(0))
        var source = SplitMix64(seed: 3)
        for _ in 0..<500 {
            let deadline = 1 + source.next() % 100_000
            _ = wheel.insert(deadline: at(deadline), deadline)
        }
        let fired = wheel.advance(to: at(100_000))
        #expect(fired.count == 500)
        #expect(fired == fired.sorted())
    }

    @Test func `a deadline within a millisecond is rounded up`() {
        var wheel = TimerWheel<Int>(start: Instant(nanoseconds: 500))
        _ = wheel.insert(deadline: Instant(nanoseconds: 501), 1)
        let early = wheel.advance(to: Instant(nanoseconds: 1_000_499))
        let fired = wheel.advance(to: Instant(nanoseconds: 1_000_500))
        #expect(early.isEmpty)
        #expect(fired == [1])
    }

    @Test func `a deadline that is past fires at once, one at the end of time never`() {
        var wheel = TimerWheel<Int>(start: at(0))
        let none = wheel.advance(to: at(1000))
        _ = wheel.insert(deadline: at(10), 1)
        _ = wheel.insert(deadline: Instant(nanoseconds: .max), 2)
        let past = wheel.advance(to: at(1000))
        let late = wheel.advance(to: at(1 << 41))
        let left = wheel.count
        #expect(none.isEmpty && past == [1] && late.isEmpty && left == 1)
    }
}
