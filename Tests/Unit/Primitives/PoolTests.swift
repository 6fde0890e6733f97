import Primitives
import Testing

@Suite struct PoolTests {
    @Test func `a place keeps its value until it is given back, then is used again`() {
        var pool = Pool<UInt64>()
        let places = (0..<1000).map { pool.allocate(UInt64($0)) }
        #expect(Set(places).count == 1000)
        let values = places.map { pool[$0] }
        #expect(values == Array(0..<1000))
        pool[places[7]] = 99
        let changed = pool[places[7]]
        #expect(changed == 99)
        for place in places[0..<10] { pool.free(place) }
        let left = pool.count
        #expect(left == 990)
        let again = Set((0..<10).map { _ in pool.allocate(5) })
        #expect(again == Set(places[0..<10]))
        let end = pool.end
        #expect(end == 1000)
    }

    @Test func `a slab hands its values out once`() {
        var slab = Slab<String>()
        let first = slab.insert("one")
        let second = slab.insert("two")
        #expect(slab[first] == "one")
        let taken = slab.remove(first)
        let again = slab.remove(first)
        #expect(taken == "one" && again == nil)
        #expect(slab[first] == nil)
        let third = slab.insert("three")
        let unknown = slab.remove(77)
        #expect(third == first && slab[second] == "two" && unknown == nil)
        #expect(slab.count == 2)
    }

    @Test func `a ring queue keeps its order while it grows and turns`() {
        var queue = RingQueue<Int>()
        var list: [Int] = []
        var source = SplitMix64(seed: 1)
        for number in 0..<5_000 {
            switch source.below(5) {
            case 0..<3:
                queue.append(number)
                list.append(number)
            case 3:
                let first = queue.popFirst()
                #expect(first == (list.isEmpty ? nil : list.removeFirst()))
            default:
                let last = queue.popLast()
                let expected = list.popLast()
                #expect(last == expected)
            }
            #expect(queue.count == list.count)
            #expect(queue.look { $0 } == list.first)
            #expect(queue.look(at: list.count - 1) { $0 } == list.last)
        }
    }
}
