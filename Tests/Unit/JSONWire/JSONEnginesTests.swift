import Glibc
import JSONWire
import Primitives
import Testing

/// All scanners on random and damaged texts, wherever they lie in memory: each must say the same.
@Suite struct JSONEnginesTests {
    @Test func `at least the scanners of every processor are there`() {
        #expect(JSONScanner.Engine.best.isAvailable && JSONScanner.Engine.portable.isAvailable)
    }

    @Test(arguments: 0..<12)
    func `all scanners judge texts of every length alike`(_ seed: UInt64) {
        let scanners = Scanners()
        var texts = RandomJSON(bits: SplitMix64(seed: seed))
        var goodCount = 0
        for length in 0...300 {
            for turn in 0..<6 {
                var bytes = texts.text(length)
                if turn % 2 == 1 { texts.damage(&bytes) }
                guard let outline = scanners.outline(bytes) else {
                    Issue.record("the scanners differ on \(bytes)")
                    return
                }
                if case .values = outline { goodCount += 1 }
            }
        }
        #expect(goodCount > 600)
    }

    @Test(arguments: 0..<8)
    func `all scanners judge texts of many blocks alike`(_ seed: UInt64) {
        let scanners = Scanners()
        var texts = RandomJSON(bits: SplitMix64(seed: seed &+ 100), hasWrongEscapes: seed % 2 == 1)
        for length in stride(from: 960, to: 5_000, by: 37) {
            var bytes = texts.text(length)
            for _ in 0..<3 {
                if scanners.outline(bytes) == nil { Issue.record("they differ on \(bytes)") }
                texts.damage(&bytes)
            }
        }
    }

    @Test(arguments: 0..<8)
    func `all scanners judge texts of many windows alike`(_ seed: UInt64) {
        let scanners = Scanners()
        var texts = RandomJSON(bits: SplitMix64(seed: seed &+ 200), hasWrongEscapes: seed % 2 == 1)
        for length in stride(from: 5_000, to: 40_000, by: 701) {
            var bytes = texts.text(length)
            for _ in 0..<3 {
                if scanners.outline(bytes) == nil { Issue.record("they differ on \(bytes)") }
                texts.damage(&bytes)
            }
        }
    }

    @Test func `no scanner looks past a text that ends where memory does`() {
        let edge = MemoryEdge()
        var texts = RandomJSON(bits: SplitMix64(seed: 7))
        let scanners = JSONScanner.Engine.allCases.map { JSONScanner(engine: $0) }
        for length in 0...300 {
            for turn in 0..<4 {
                var bytes = texts.text(length)
                if turn % 2 == 1 { texts.damage(&bytes) }
                let said = scanners.map { scanner in
                    edge.with(bytes) { text in
                        scanner.read(text) { result in
                            switch result {
                            case .success(let document): document.root.rawRange.upperBound
                            case .failure(let error): -1 - error.offset
                            }
                        }
                    }
                }
                #expect(Set(said).count == 1)
            }
        }
    }

    @Test(arguments: 0..<64)
    func `where a text lies in memory makes no difference`(_ shift: Int) {
        var texts = RandomJSON(bits: SplitMix64(seed: UInt64(shift)))
        for length in stride(from: 200, to: 1_400, by: 61) {
            let bytes = texts.text(length)
            let padded = [UInt8](repeating: UInt8(ascii: "\""), count: shift) + bytes + [34, 92]
            let ends = JSONScanner.Engine.allCases.map { engine in
                JSONScanner(engine: engine).read(
                    padded.span.extracting(shift..<shift + bytes.count)
                ) { result in
                    if case .success(let document) = result {
                        document.root.rawRange.upperBound
                    } else {
                        -1
                    }
                }
            }
            #expect(Set(ends).count == 1 && ends[0] > 0)
        }
    }
}

/// Memory of which the end is known: what lies behind it belongs to nobody.
@safe private final class MemoryEdge {
    private let base: UnsafeMutableRawPointer
    private let page = 4096

    init() {
        let access = PROT_READ | PROT_WRITE
        let place = unsafe mmap(nil, 2 * page, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let place = unsafe place, unsafe mprotect(place + page, page, PROT_NONE) == 0 else {
            preconditionFailure("no memory for the test")
        }
        unsafe base = place
    }

    deinit {
        unsafe munmap(base, 2 * page)
    }

    /// Shows a copy of some bytes, at most a page of them, that ends there.
    func with<Output>(_ bytes: [UInt8], _ body: (Span<UInt8>) -> Output) -> Output {
        let start = unsafe (base + (page - bytes.count)).assumingMemoryBound(to: UInt8.self)
        for index in bytes.indices { unsafe start[index] = bytes[index] }
        return unsafe body(UnsafeBufferPointer(start: start, count: bytes.count).span)
    }
}
