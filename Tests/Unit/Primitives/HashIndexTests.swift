import Primitives
import Testing

@Suite struct HashIndexTests {
    /// Random calls against a list of pairs; few hashes, so that values share them and wrap round the end.
    @Test(arguments: 0..<12)
    func `the index does what a list of pairs does`(_ seed: UInt64) {
        var source = SplitMix64(seed: seed)
        let hashes: [UInt32] = (0..<24).map { _ in
            seed % 2 == 0
                ? UInt32.max - UInt32(source.below(4)) : UInt32(truncatingIfNeeded: source.next())
        }
        var index = HashIndex()
        var list: [(hash: UInt32, value: UInt32)] = []
        for value in 0..<3_000 as Range<UInt32> {
            let hash = hashes[source.below(hashes.count)]
            switch source.below(5) {
            case 0, 1:
                index.insert(hash: hash, value: value)
                list.append((hash, value))
            case 2, 3:
                guard !list.isEmpty else { continue }
                let pair = list.remove(at: source.below(list.count))
                let isRemoved = index.remove(hash: pair.hash, value: pair.value)
                #expect(isRemoved)
                guard source.below(2) == 0 else { break }
                let again = index.remove(hash: pair.hash, value: pair.value)
                #expect(!again)
            default:
                guard !list.isEmpty else { continue }
                let place = source.below(list.count)
                let pair = list[place]
                let isThere = index.replace(hash: pair.hash, value: pair.value, with: value)
                #expect(isThere)
                list[place].value = value
            }
            var found: [UInt32] = []
            _ = index.first(hash: hash) { value in
                found.append(value)
                return false
            }
            #expect(found.sorted() == list.filter { $0.hash == hash }.map(\.value).sorted())
            let count = index.count
            #expect(count == list.count)
        }
    }

    @Test func `values stay findable while an index grows over many pages`() {
        var index = HashIndex()
        var source = SplitMix64(seed: 3)
        let hashes = (0..<40_000).map { _ in UInt32(truncatingIfNeeded: source.next()) }
        for (value, hash) in hashes.enumerated() {
            index.insert(hash: hash, value: UInt32(value))
        }
        for value in stride(from: 0, to: hashes.count, by: 2) {
            let isRemoved = index.remove(hash: hashes[value], value: UInt32(value))
            #expect(isRemoved)
        }
        for (value, hash) in hashes.enumerated() {
            let found = index.first(hash: hash) { $0 == UInt32(value) }
            #expect((found != nil) == (value % 2 == 1))
        }
    }

    @Test func `values with good hashes lie near their place`() {
        var index = HashIndex()
        var source = SplitMix64(seed: 5)
        for value in 0..<10_000 as Range<UInt32> {
            index.insert(hash: UInt32(truncatingIfNeeded: source.next()), value: value)
        }
        let longest = index.longestWay
        #expect(longest < 400)
    }

    @Test func `looking stops where it is told to`() {
        var index = HashIndex()
        let none = index.first(hash: 1) { _ in true }
        for value in 0..<5 as Range<UInt32> { index.insert(hash: 1, value: value) }
        let three = index.first(hash: 1) { $0 == 3 }
        let nine = index.first(hash: 1) { $0 == 9 }
        #expect(none == nil && three == 3 && nine == nil)
        let isThere = index.replace(hash: 2, value: 0, with: 1)
        #expect(!isThere)
    }
}
