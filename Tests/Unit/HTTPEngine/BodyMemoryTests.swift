import HTTPWire
import Loops
import Primitives
import TestKit
import Testing

@testable import HTTPEngine

/// Who gets memory for a body, and when; without connections: what the doors are told goes nowhere.
@Suite struct BodyMemoryTests {
    /// A door that leads nowhere.
    private final class Nowhere: Sendable {
        let server: HTTPServerFixture
        let door: ConnectionHandle

        init() throws {
            server = try HTTPServerFixture()
            let group = server.group
            let made = Lock<ConnectionHandle?>(nil)
            let shared = ServerShared(
                sites: [],
                tables: [],
                bodyMemory: BodyMemory(bytesMax: 0),
                answerMemory: AnswerMemory(bytesMax: 0),
                log: .silent,
                clock: .loops,
                tick: .seconds(1)
            )
            try group.onEach { loop in
                let part = ServerLoop(loop: loop, shared: shared)
                let bound = LoopBound(part, on: loop)
                let door = ConnectionHandle(
                    server: bound,
                    id: ConnectionID(slot: 9_999, generation: 0)
                )
                made.withLock { $0 = door }
            }
            door = try #require(made.withLock { $0 })
        }
    }

    @Test func `memory is given in the order of arrival, each time whole`() throws {
        let nowhere = try Nowhere()
        let memory = BodyMemory(bytesMax: 8 << 20)
        var ids = [BodyMemory.ID?](repeating: nil, count: 4)
        let sizes = [5 << 20, 3 << 20, 1 << 20, 1 << 20]
        var outcomes: [BodyMemory.Outcome] = []
        for index in ids.indices {
            outcomes.append(memory.take(sizes[index], for: &ids[index], door: nowhere.door))
        }
        // The second does not fit beside the first (an eighth is for small ones); nobody overtakes it.
        #expect(outcomes == [.granted, .waiting, .waiting, .waiting])
        #expect(memory.takenBytes == 5 << 20)
        memory.leave(try #require(ids[0]))
        #expect(memory.takenBytes == 5 << 20)
        #expect(memory.waitingCount == 0)
        for id in ids.dropFirst() { memory.leave(try #require(id)) }
        #expect(memory.takenBytes == 0)
    }

    @Test func `small bodies have an eighth to themselves while large ones wait`() throws {
        let nowhere = try Nowhere()
        let memory = BodyMemory(bytesMax: 8 << 20)
        var (first, second): (BodyMemory.ID?, BodyMemory.ID?) = (nil, nil)
        #expect(memory.take(7 << 20, for: &first, door: nowhere.door) == .granted)
        #expect(memory.take(1 << 20, for: &second, door: nowhere.door) == .waiting)
        var small = [BodyMemory.ID?](repeating: nil, count: 5)
        var outcomes: [BodyMemory.Outcome] = []
        for index in small.indices {
            outcomes.append(memory.take(256 << 10, for: &small[index], door: nowhere.door))
        }
        #expect(outcomes == [.granted, .granted, .granted, .granted, .waiting])
        memory.leave(try #require(small[0]))
        #expect(memory.waitingCount == 1, "the fifth small one has the first one's")
    }

    @Test func `where all wait for more, the youngest that has some is refused`() throws {
        let nowhere = try Nowhere()
        let memory = BodyMemory(bytesMax: 1 << 20)
        var ids = [BodyMemory.ID?](repeating: nil, count: 3)
        for index in ids.indices {
            #expect(memory.take(200 << 10, for: &ids[index], door: nowhere.door) == .granted)
        }
        for index in ids.indices {
            #expect(memory.take(900 << 10, for: &ids[index], door: nowhere.door) == .waiting)
        }
        // The youngest was told to leave, and stands in no line any more; no other is, until it has left.
        #expect(memory.waitingCount == 2)
        memory.leave(try #require(ids[2]))
        // That is not enough for the eldest yet: the next one is told.
        #expect(memory.waitingCount == 1)
        memory.leave(try #require(ids[1]))
        #expect(memory.waitingCount == 0)
        #expect(memory.takenBytes == 900 << 10)
        memory.leave(try #require(ids[0]))
        #expect(memory.takenBytes == 0)
    }

    @Test func `a body larger than the memory, and one beyond the line, are refused`() throws {
        let nowhere = try Nowhere()
        let memory = BodyMemory(bytesMax: 1 << 20)
        var huge: BodyMemory.ID?
        #expect(memory.take(2 << 20, for: &huge, door: nowhere.door) == .tooLarge)
        #expect(memory.take(1 << 20, for: &huge, door: nowhere.door) == .granted)
        var line = [BodyMemory.ID?](repeating: nil, count: BodyMemory.waitingMax + 1)
        for index in line.indices {
            let outcome = memory.take(1 << 20, for: &line[index], door: nowhere.door)
            #expect(outcome == (index < BodyMemory.waitingMax ? .waiting : .full))
        }
        #expect(memory.waitingCount == BodyMemory.waitingMax)
    }
}
