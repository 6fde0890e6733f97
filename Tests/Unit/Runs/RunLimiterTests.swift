import Primitives
import Testing
import Workflows

@testable import Runs

@Suite struct RunLimiterTests {
    private static let mail = [RunActor.Message.placed]

    @Test func `a run that ends before those it started have rested leaks no place`() throws {
        let places = try #require(RunLimiter(max: 1))
        let (first, child, next) = (UUIDv7.fresh(), UUIDv7.fresh(), UUIDv7.fresh())
        places.add(first, startedBy: nil)
        #expect(places.admit(Self.mail, of: first).count == 1)
        places.add(child, startedBy: first)
        places.add(next, startedBy: nil)
        #expect(places.admit(Self.mail, of: next).isEmpty)
        // The child's end was told to the first run, which ends at once; only then the child rests.
        places.hold(first)
        #expect(places.rest(first, isOver: true).isEmpty)
        #expect(places.rest(child, isOver: true) == [next])
        #expect(places.admit(Self.mail, of: next).count == 2)
    }

    @Test func `runs get their places in the order they came`() throws {
        let places = try #require(RunLimiter(max: 1))
        let runs = (0..<3).map { _ in UUIDv7.fresh() }
        for run in runs { places.add(run, startedBy: nil) }
        #expect(runs.map { places.admit(Self.mail, of: $0).count } == [1, 0, 0])
        #expect(places.rest(runs[0], isOver: false) == [runs[1]])
        #expect(places.rest(runs[1], isOver: true) == [runs[2]])
        #expect(places.rest(runs[2], isOver: true).isEmpty)
    }

    @Test func `without a bound there are no places`() {
        let places = RunLimiter(max: 0)
        #expect(places === nil)
    }
}
