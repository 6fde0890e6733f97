import HTTPWire
import Primitives
import Testing

@testable import HTTPEngine

@Suite struct BodyBufferPoolTests {
    private let start = Instant(nanoseconds: 1_000_000_000)

    private func piece(_ byteCount: Int) -> [UInt8] {
        [UInt8](repeating: 7, count: byteCount)
    }

    private func room(_ announced: Int, earned: Int = 0) -> BodyCapacity {
        BodyCapacity(announced: announced, earned: earned)
    }

    @Test func `memory is given out empty, with its capacity`() throws {
        let shelf = BodyBufferPool(bytesMax: 64 << 20)
        shelf.give(piece(2_000_000), at: start)
        let taken = try #require(shelf.take(room(1_900_000)))
        #expect(taken.isEmpty)
        #expect(taken.capacity >= 1_900_000)
        #expect(shelf.keptBytes == 0)
    }

    @Test func `new memory is made only for what was earned`() throws {
        let shelf = BodyBufferPool(bytesMax: 64 << 20)
        #expect(shelf.take(room(10_000_000)) == nil)
        let new = try #require(shelf.take(room(10_000_000, earned: 1_000_000)))
        #expect(new.capacity >= 1_000_000)
        #expect(new.capacity < 2_000_000)
    }

    @Test func `a piece that is too small, or far too large, stays`() {
        let shelf = BodyBufferPool(bytesMax: 64 << 20)
        shelf.give(piece(8_000_000), at: start)
        #expect(shelf.take(room(9_000_000)) == nil)
        #expect(shelf.take(room(1_000_000)) == nil)
        #expect(shelf.take(room(4_000_000)) != nil)
    }

    @Test func `the oldest pieces make room for new ones`() {
        let shelf = BodyBufferPool(bytesMax: 10_000_000)
        shelf.give(piece(6_000_000), at: start)
        shelf.give(piece(3_000_000), at: start)
        shelf.give(piece(5_000_000), at: start)
        #expect(shelf.keptBytes <= 10_000_000)
        #expect(shelf.take(room(6_000_000)) == nil)
        #expect(shelf.take(room(5_000_000)) != nil)
        #expect(shelf.take(room(3_000_000)) != nil)
    }

    @Test func `small pieces, and larger ones than it may keep, are let go`() {
        let shelf = BodyBufferPool(bytesMax: 4_000_000)
        shelf.give(piece(300_000), at: start)
        shelf.give(piece(5_000_000), at: start)
        #expect(shelf.keptBytes == 0)
    }

    @Test func `what nobody wants for a while is let go`() {
        let shelf = BodyBufferPool(bytesMax: 64 << 20)
        shelf.give(piece(2_000_000), at: start)
        shelf.give(piece(1_000_000), at: start.advanced(by: .seconds(6)))
        shelf.age(start.advanced(by: .seconds(9)))
        #expect(shelf.keptBytes >= 3_000_000)
        shelf.age(start.advanced(by: .seconds(11)))
        #expect(shelf.take(room(1_900_000)) == nil)
        #expect(shelf.keptBytes >= 1_000_000)
        shelf.age(start.advanced(by: .seconds(17)))
        #expect(shelf.keptBytes == 0)
    }
}
