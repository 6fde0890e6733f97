import Primitives
import Testing

@testable import HTTPEngine

/// Stories of events and what the machine makes of them; no socket, and a clock that is only a number.
@Suite struct ConnectionMachineTests {
    static let start = Instant(nanoseconds: 1_000_000_000_000)

    private func after(_ seconds: Int64) -> Instant {
        Self.start.advanced(by: .seconds(seconds))
    }

    private func machine(_ change: (inout ServerLimits) -> Void = { _ in }) -> ConnectionMachine {
        var limits = ServerLimits()
        change(&limits)
        return ConnectionMachine(limits: limits, now: Self.start)
    }

    private func tick(
        _ machine: inout ConnectionMachine,
        _ seconds: Int64,
        bodyBytes: Int = 0,
        unsent: Int = 0
    ) -> ConnectionMachine.Demand {
        machine.tick(
            now: after(seconds),
            bodyBytes: bodyBytes,
            unsent: unsent,
            queueTimeout: .seconds(5)
        )
    }

    @Test func `a request comes and is answered, and the connection waits for the next`() {
        var machine = machine()
        #expect(machine.bytesArrived(10, now: after(0)) == .parse)
        machine.headBegan(now: after(0))
        #expect(machine.reading == .head)
        let sequence = machine.requestEnded(isKeptAlive: true, now: after(0))
        #expect(machine.answered(sequence) == .now)
        #expect(machine.livesOn(after: sequence) == true)
        #expect(machine.answerWritten(now: after(0)) == .next)
        #expect(machine.reading == .idle)
        #expect(machine.answered(sequence) == .never)
    }

    @Test func `a handshake has its own time, and the idle time begins behind it`() {
        var machine = ConnectionMachine(limits: ServerLimits(), isReady: false, now: Self.start)
        #expect(machine.reading == .handshaking)
        #expect(machine.isReading && !machine.isParsing && !machine.readsOn && machine.isIdle)
        #expect(tick(&machine, 9) == .nothing)
        machine.handshakeEnded(now: after(9))
        #expect(machine.reading == .idle)
        #expect(tick(&machine, 83) == .nothing)
        #expect(machine.bytesArrived(1, now: after(83)) == .parse)
        #expect(tick(&machine, 84) == .close)
        var slow = ConnectionMachine(limits: ServerLimits(), isReady: false, now: Self.start)
        #expect(tick(&slow, 10) == .close)
        #expect(slow.reading == .closed)
        slow.handshakeEnded(now: after(11))
        #expect(slow.reading == .closed, "it comes too late")
    }

    @Test func `nothing but its end comes out of a handshake`() {
        for act in 0..<3 {
            var machine = ConnectionMachine(limits: ServerLimits(), isReady: false, now: Self.start)
            switch act {
            case 0:
                let arrival = machine.bytesArrived(1, now: after(0))
                #expect(arrival == .close)
            case 1:
                let isOver = machine.streamEnded()
                #expect(isOver)
            default:
                machine.drain()
                let isShut = machine.endsIdle()
                #expect(!isShut, "it is closed, its side is not shut")
                continue
            }
            #expect(machine.reading == .closed)
        }
    }

    @Test func `answers leave in the order of the requests`() {
        var machine = machine()
        let first = machine.requestEnded(isKeptAlive: true, now: after(0))
        let second = machine.requestEnded(isKeptAlive: true, now: after(0))
        #expect(machine.answered(second) == .later)
        #expect(machine.answered(first) == .now)
        #expect(machine.answerWritten(now: after(0)) == .next)
        #expect(machine.answered(second) == .now)
    }

    @Test func `a refusal comes after the answers that are due, and is the last`() {
        var machine = machine()
        let first = machine.requestEnded(isKeptAlive: true, now: after(0))
        let refusal = machine.requestRefused(now: after(0))
        #expect(machine.answered(refusal) == .later)
        #expect(!machine.isParsing)
        #expect(machine.livesOn(after: first) == true)
        #expect(machine.livesOn(after: refusal) == false)
        #expect(machine.answerWritten(now: after(0)) == .next)
        #expect(machine.answerWritten(now: after(0)) == .shutDown)
    }

    @Test func `after the last request nothing is parsed`() {
        var machine = machine()
        let only = machine.requestEnded(isKeptAlive: false, now: after(0))
        #expect(machine.bytesArrived(5, now: after(0)) == .discard)
        #expect(machine.livesOn(after: only) == false)
        #expect(machine.answerWritten(now: after(0)) == .shutDown)
    }

    @Test func `a head has ten seconds`() {
        var machine = machine()
        machine.headBegan(now: after(100))
        #expect(tick(&machine, 109) == .nothing)
        #expect(tick(&machine, 110) == .refuseHead)
    }

    @Test func `an idle connection has 75 seconds, also after an answer`() {
        var machine = machine()
        #expect(tick(&machine, 74) == .nothing)
        _ = machine.requestEnded(isKeptAlive: true, now: after(74))
        #expect(tick(&machine, 1000) == .nothing, "an answer is due")
        _ = machine.answerWritten(now: after(1000))
        #expect(tick(&machine, 1074) == .nothing)
        #expect(tick(&machine, 1075) == .close)
        #expect(machine.reading == .closed)
    }

    @Test func `a body must keep to the rate once the grace is over`() {
        var machine = machine()
        machine.bodyBegan(now: after(0))
        #expect(tick(&machine, 4) == .nothing)
        #expect(tick(&machine, 5, bodyBytes: 5 * 1024) == .nothing)
        #expect(tick(&machine, 60, bodyBytes: 60 * 1024) == .nothing)
        #expect(tick(&machine, 61, bodyBytes: 60 * 1024) == .refuseBody)
    }

    @Test func `what came before the last five seconds does not pay for silence`() {
        var machine = machine()
        machine.bodyBegan(now: after(0))
        #expect(tick(&machine, 1, bodyBytes: 60 << 20) == .nothing)
        for second in 2..<6 {
            #expect(tick(&machine, Int64(second), bodyBytes: 60 << 20) == .nothing)
        }
        #expect(tick(&machine, 6, bodyBytes: 60 << 20) == .refuseBody)
    }

    @Test func `a rest of ours does not count against the sender`() {
        var machine = machine()
        machine.bodyBegan(now: after(0))
        machine.pause(.unsent, now: after(1))
        #expect(!machine.isReading)
        #expect(tick(&machine, 60, bodyBytes: 10) == .nothing)
        #expect(machine.resume(.unsent, bodyBytes: 10, now: after(60)) == true)
        #expect(tick(&machine, 64, bodyBytes: 10) == .nothing)
        #expect(tick(&machine, 65, bodyBytes: 10) == .refuseBody)
    }

    @Test func `reading rests while any reason is there`() {
        var machine = machine()
        machine.pause(.memory, now: after(0))
        machine.pause(.unsent, now: after(0))
        #expect(machine.resume(.memory, bodyBytes: 0, now: after(0)) == false)
        #expect(!machine.isReading)
        #expect(machine.resume(.unsent, bodyBytes: 0, now: after(0)) == true)
        #expect(machine.isReading)
        #expect(machine.resume(.unsent, bodyBytes: 0, now: after(0)) == false)
    }

    @Test func `memory is waited for thirty seconds, places as long as their site says`() {
        var machine = machine()
        machine.bodyBegan(now: after(0))
        machine.pause(.memory, now: after(0))
        #expect(tick(&machine, 29) == .nothing)
        #expect(tick(&machine, 30) == .refuseMemory)
        _ = machine.requestRefused(now: after(30))
        var other = self.machine()
        _ = other.requestEnded(isKeptAlive: true, now: after(10))
        other.pause(.queued, now: after(10))
        #expect(tick(&other, 14) == .nothing)
        #expect(tick(&other, 15) == .refuseQueued)
    }

    @Test func `too many requests without an answer let reading rest until half are answered`() {
        var machine = machine { $0.pipelinedMax = 4 }
        for _ in 0..<4 { _ = machine.requestEnded(isKeptAlive: true, now: after(0)) }
        #expect(!machine.isParsing)
        _ = machine.answerWritten(now: after(0))
        #expect(machine.shouldResumePipeline(now: after(0)) == false)
        _ = machine.answerWritten(now: after(0))
        #expect(machine.shouldResumePipeline(now: after(0)) == true)
        #expect(machine.isParsing)
    }

    @Test func `what was kept is parsed before anything is read`() {
        var machine = machine { $0.pipelinedMax = 2 }
        for _ in 0..<2 { _ = machine.requestEnded(isKeptAlive: true, now: after(0)) }
        machine.keepBytes(true)
        #expect(!machine.isReading)
        _ = machine.answerWritten(now: after(0))
        #expect(machine.shouldResumePipeline(now: after(0)) == true)
        #expect(machine.isParsing)
        #expect(!machine.isReading, "not before what was kept is parsed")
        machine.keepBytes(false)
        #expect(machine.isReading)
    }

    @Test func `a stream that ends closes at once, or after the answers that are due`() {
        var machine = machine()
        #expect(machine.streamEnded() == true)
        var other = self.machine()
        let sequence = other.requestEnded(isKeptAlive: true, now: after(0))
        other.headBegan(now: after(0))
        #expect(other.streamEnded() == false)
        #expect(other.livesOn(after: sequence) == false)
        #expect(other.answerWritten(now: after(0)) == .shutDown)
    }

    @Test func `nothing is answered behind the last answer`() {
        var machine = machine()
        let first = machine.requestEnded(isKeptAlive: true, now: after(0))
        let second = machine.requestEnded(isKeptAlive: true, now: after(0))
        machine.endsAfter(first)
        #expect(machine.answered(second) == .never)
        #expect(machine.answerWritten(now: after(0)) == .shutDown)
        #expect(machine.answered(second) == .never)
    }

    @Test func `who reads a long answer is not idle`() {
        var machine = machine()
        for seconds in stride(from: Int64(0), to: 500, by: 10) {
            #expect(tick(&machine, seconds, unsent: 1000 - Int(seconds)) == .nothing)
        }
        #expect(tick(&machine, 564) == .nothing)
        #expect(tick(&machine, 565) == .close)
    }

    @Test func `a drain makes the latest answer the last, behind which nothing was read`() {
        var idle = machine()
        idle.drain()
        #expect(idle.isReading, "one more request may come")
        #expect(idle.endsIdle() == true)
        #expect(idle.endsIdle() == false)
        var busy = machine()
        let first = busy.requestEnded(isKeptAlive: true, now: after(0))
        let second = busy.requestEnded(isKeptAlive: true, now: after(0))
        busy.drain()
        #expect(busy.endsIdle() == false)
        #expect(busy.livesOn(after: first) == true)
        busy.keepBytes(true)
        #expect(busy.livesOn(after: second) == true, "more was read behind it")
        busy.keepBytes(false)
        #expect(busy.livesOn(after: second) == false)
        #expect(busy.answerWritten(now: after(0)) == .next)
        #expect(busy.answerWritten(now: after(0)) == .shutDown)
    }

    @Test func `a drain lets a request that is coming in be the last`() {
        var machine = machine()
        machine.headBegan(now: after(0))
        machine.drain()
        let sequence = machine.requestEnded(isKeptAlive: true, now: after(1))
        #expect(machine.livesOn(after: sequence) == false)
        #expect(machine.answerWritten(now: after(1)) == .shutDown)
    }

    @Test func `lingering ends after a second, or 64 KiB, or with the stream`() {
        func lingering() -> ConnectionMachine {
            var machine = machine()
            _ = machine.requestRefused(now: after(0))
            _ = machine.answerWritten(now: after(0))
            machine.lingers(now: after(0))
            return machine
        }
        var slow = lingering()
        #expect(tick(&slow, 0) == .nothing)
        #expect(tick(&slow, 1) == .close)
        var loud = lingering()
        #expect(loud.bytesArrived(65_535, now: after(0)) == .discard)
        #expect(loud.bytesArrived(1, now: after(0)) == .close)
        var gone = lingering()
        #expect(gone.streamEnded() == true)
    }

    @Test func `what comes after the last request is bounded while its answer is due`() {
        var machine = machine()
        _ = machine.requestEnded(isKeptAlive: false, now: after(0))
        #expect(machine.isReading)
        #expect(machine.bytesArrived(1 << 20, now: after(0)) == .discard)
        #expect(!machine.isReading)
    }

    @Test func `a client that takes nothing of its answers is closed`() {
        var machine = machine()
        _ = machine.requestEnded(isKeptAlive: true, now: after(0))
        #expect(tick(&machine, 1, unsent: 1000) == .nothing)
        #expect(tick(&machine, 70, unsent: 900) == .nothing, "it took some")
        #expect(tick(&machine, 144, unsent: 900) == .nothing)
        #expect(tick(&machine, 145, unsent: 900) == .close)
    }
}
