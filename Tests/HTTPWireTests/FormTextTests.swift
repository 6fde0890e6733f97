import HTTPWire
import Testing

@Suite struct FormTextTests {
    @Test(
        arguments: [
            ("a=1&b=two+words&c=%2Fx%26", ["a": "1", "b": "two words", "c": "/x&"]),
            ("", [:]), ("&&a", ["a": ""]), ("k=%F0%9F%98%80", ["k": "😀"]),
        ] as [(String, [String: String])]
    )
    func `pairs are decoded`(_ form: String, _ expected: [String: String]) {
        let pairs = FormText.pairs(Array(form.utf8).span)
        let map = pairs.map { Dictionary($0.map { ($0.name, $0.value) }) { $1 } }
        #expect(map == expected)
    }

    @Test(arguments: ["a=%", "a=%G1", "a=%FF"])
    func `a broken escape or other than UTF-8 is refused`(_ form: String) {
        #expect(FormText.pairs(Array(form.utf8).span)?.count == nil)
    }
}
