import JSONWire
import Primitives
import Testing

/// Damaged texts: all scanners must say the same, and what they take must be consistent.
@Suite struct JSONDamageTests {
    static let texts = [
        webhookBody,
        #"[0,-1,1.5,1e2,-0.0E-1,true,false,null,"",{},[],{"a":{"b":[{"c":[]}]}}]"#,
        "{\"ключ\":\"значение €😀 \\u20ac\\ud83d\\ude00 \\\"quoted\\\" and a longer tail\",\"k\":\"v\"}",
    ]

    @Test(arguments: texts)
    func `no beginning of a document is a document`(_ text: String) {
        let scanners = Scanners()
        let bytes = [UInt8](text.utf8)
        for count in 0..<bytes.count {
            let outline = scanners.outline(Array(bytes[..<count]))
            guard case .error(let error) = outline else {
                Issue.record("\(count) bytes: \(String(describing: outline))")
                continue
            }
            #expect(error.offset <= count)
        }
    }

    @Test(arguments: texts)
    func `every change of one byte is judged the same by all scanners`(_ text: String) {
        let scanners = Scanners()
        var bytes = [UInt8](text.utf8)
        for place in bytes.indices {
            let kept = bytes[place]
            for byte in Self.telling {
                bytes[place] = byte
                check(bytes, scanners)
            }
            bytes[place] = kept
        }
    }

    @Test(arguments: 0..<10)
    func `random damage is judged the same by all scanners`(_ seed: Int) {
        let scanners = Scanners()
        var bits = SplitMix64(seed: UInt64(seed))
        for _ in 0..<5_000 {
            var bytes = [UInt8](Self.texts[Int.random(in: 0..<3, using: &bits)].utf8)
            for _ in 0...Int.random(in: 0..<4, using: &bits) { damage(&bytes, &bits) }
            check(bytes, scanners)
        }
    }

    /// One of each class of bytes the scanner tells apart.
    private static let telling: [UInt8] =
        Array("\"\\{}[]:,-+.eE019atfnu/ \n".utf8)
        + [0x00, 0x1F, 0x7F, 0x80, 0xBF, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xFF]

    private func damage(_ bytes: inout [UInt8], _ bits: inout SplitMix64) {
        let place = Int.random(in: 0..<bytes.count, using: &bits)
        let byte = Self.telling.randomElement(using: &bits) ?? 0
        switch bits.next() % 5 {
        case 0: bytes[place] = byte
        case 1: bytes.insert(byte, at: place)
        case 2 where bytes.count > 1: bytes.remove(at: place)
        case 3 where bytes.count > 1: bytes.removeLast(min(bytes.count - 1, place / 4))
        default:
            let end = min(bytes.count, place + 9)
            bytes.insert(contentsOf: bytes[place..<end], at: place)
        }
    }

    private func check(_ bytes: [UInt8], _ scanners: Scanners) {
        guard let outline = scanners.outline(bytes) else {
            Issue.record("the scanners differ on \(bytes)")
            return
        }
        guard case .values = outline else { return }
        do {
            let value = try JSONValue.parse(bytes)
            let again = try JSONValue.parse(value.jsonBytes)
            if again != value { Issue.record("written differently: \(bytes)") }
        } catch {
            Issue.record("\(error) on \(bytes)")
        }
    }
}
