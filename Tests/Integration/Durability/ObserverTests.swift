import JSONWire
import Primitives
import Runs
import Sluice
import TestKit
import Testing

/// Whoever watches a run from a number on gets every later entry of its history exactly once, over restarts too.
@Suite struct ObserverTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private var block: Block {
        DurableBlocks.bare(
            directory,
            #"""
            listener:
              { type: http-callback, host: 127.0.0.1, port: 8090, path: /done, identify_by: "${body.id}",
                result: "${body.result}" }
            component:
              { id: caller, type: http-client, endpoint: "http://127.0.0.1:9101/jobs", body: { job: "${input.key}" },
                completion: { type: callback, wait_for: "${input.key}" }, output: "${result}" }
            workflow:
              id: chain
              jobs:
                - { id: a, component: caller, input: { key: "a" } }
                - { id: b, component: caller, input: { key: "b" }, depends_on: [a] }
                - { id: c, component: caller, input: { key: "c" }, depends_on: [b] }

            """#
        )
    }

    /// Watches a run from an entry on, and keeps what it is shown.
    private final class Recorder: RunObserver {
        struct Seen: Sendable {
            var last: UInt32
            var notes: [RunNote] = []
            var lostCount: UInt32 = 0
        }

        private let state: SleepingLock<Seen>

        init(from number: UInt32) {
            state = SleepingLock(Seen(last: number))
        }

        var seen: Seen { state.withLock { $0 } }

        func runAdvanced(_ run: RunActor) {
            state.withLock { seen in
                let rest = run.history(after: seen.last).rest
                seen.notes += rest.notes
                seen.lostCount += rest.lostCount
                seen.last = max(seen.last, rest.lastNumber)
            }
        }

        func stepReceived(_ chunk: RunChunk) {}

        /// Waits until it was shown so many entries of a kind.
        func wait(for kind: RunNote.Kind, count: Int = 1) throws {
            try eventually("waiting for \(count) of \(kind)") {
                seen.notes.count { $0.kind == kind } >= count
            }
        }
    }

    private func watch(
        _ run: String,
        from number: UInt32,
        _ fixture: ServerFixture
    ) throws -> Recorder {
        let id = try #require(UUIDv7(text: run))
        let recorder = Recorder(from: number)
        let isFollowing = SleepingLock(false)
        fixture.server.engine.find(id, patience: .untilReadable) { finding in
            finding.cell?.follow(recorder)
            isFollowing.withLock { $0 = true }
        }
        try eventually { isFollowing.withLock { $0 } }
        return recorder
    }

    @Test func `a run that is watched over restarts shows each entry once, under its number`()
        throws
    {
        let fixture = try ServerFixture(block, isDurable: true)
        defer { fixture.stop() }
        func callBack(_ key: String) throws {
            try eventually {
                try fixture.post("/done", #"{"id":"\#(key)","result":1}"#).text
                    .contains("delivered")
            }
        }
        let run = try fixture.start("{}", workflow: "chain")
        let first = try watch(run, from: 0, fixture)
        try first.wait(for: .waiting)
        // One who comes later, while entries come.
        let late = try watch(run, from: 2, fixture)
        try callBack("a")
        try first.wait(for: .waiting, count: 2)
        try fixture.restart(block)
        let second = try watch(run, from: first.seen.last, fixture)
        try callBack("b")
        let third = try watch(run, from: 1, fixture)
        try callBack("c")
        for recorder in [second, third] { try recorder.wait(for: .runCompleted) }

        let all = first.seen.notes + second.seen.notes
        #expect(all.map(\.number) == Array(1...UInt32(all.count)))
        #expect(third.seen.notes.map(\.number) == Array(2...UInt32(all.count)))
        #expect(late.seen.notes.map(\.number) == Array(3...first.seen.last))
        #expect([first, second, third, late].allSatisfy { $0.seen.lostCount == 0 })
        // What was told before the restart is told in the same words after it.
        #expect(third.seen.notes.map(\.jsonText) == all.dropFirst().map(\.jsonText))
        let journal = all.map(\.journalNumber)
        #expect(journal.allSatisfy { $0 > 0 })
        #expect(journal == journal.sorted())
        #expect(Set(journal).count > 3)

        // Once more, when the run is over and comes out of the store alone.
        try fixture.restart(block)
        let last = try watch(run, from: 0, fixture)
        #expect(last.seen.notes.map(\.jsonText) == all.map(\.jsonText))
    }
}
