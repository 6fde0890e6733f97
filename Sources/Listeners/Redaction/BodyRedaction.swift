internal import HTTPWire
internal import JSONWire
internal import Primitives

/// Hides values in a body before it is written down, byte for byte in their place.
///
/// What stands in the place of a value is as long as the value, so that the body still is what its head announced, and begins
/// with a keyed hash of it, as far as there is room.
struct BodyRedaction {
    /// The values: member by member; lists on the way stand for each of their items.
    let places: [[String]]
    /// Hides a value: a keyed hash as text.
    let mask: RequestRedactor

    /// The body without the values; nothing of a body in which they cannot be found, such as a text or a compressed one.
    ///
    /// - Complexity: O(n).
    func kept(_ body: RawSpan, _ form: RequestBody) -> [UInt8] {
        switch form {
        case .empty: []
        case .json: json(body)
        case .other(let contentType) where MediaKind(contentType: contentType) == .form:
            pairs(body.copied)
        case .inForm: pairs(body.copied)
        case .other, .raw, .coded: []
        }
    }

    private func json(_ body: RawSpan) -> [UInt8] {
        let ranges = JSONScanner().read(body) { document -> [Range<Int>]? in
            guard case .success(let document) = document else { return nil }
            var ranges: [Range<Int>] = []
            for place in places { find(place[...], in: document.root, &ranges) }
            return ranges
        }
        guard let ranges else { return [] }
        var bytes = body.copied
        for range in ranges where bytes.indices.contains(range.lowerBound) {
            guard range.upperBound <= bytes.count else { continue }
            let isText = bytes[range.lowerBound] == UInt8(ascii: "\"")
            // Of a value that is no text, the quotes have to fit as well.
            guard range.count > 2 || isText else {
                for index in range { bytes[index] = UInt8(ascii: "0") }
                continue
            }
            let inner = range.lowerBound + 1..<range.upperBound - 1
            let value = isText ? bytes[inner] : bytes[range]
            let hidden = filled(mask.hidden(Array(value)), count: inner.count)
            bytes[range.lowerBound] = UInt8(ascii: "\"")
            bytes[range.upperBound - 1] = UInt8(ascii: "\"")
            bytes.replaceSubrange(inner, with: hidden)
        }
        return bytes
    }

    private func find(
        _ place: ArraySlice<String>,
        in element: JSONElement,
        _ ranges: inout [Range<Int>]
    ) {
        if element.kind == .array {
            for item in element.elements { find(place, in: item, &ranges) }
            return
        }
        guard let name = place.first else {
            ranges.append(element.rawRange)
            return
        }
        guard element.kind == .object else { return }
        // A name may stand there twice, and each time with a secret.
        for member in element.members where member.name == name {
            find(place.dropFirst(), in: member.value, &ranges)
        }
    }

    private func pairs(_ body: [UInt8]) -> [UInt8] {
        let names = Set(places.filter { $0.count == 1 }.flatMap { $0 } + places.compactMap(\.first))
        let parts = body.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        let shown = parts.map { part -> [UInt8] in
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")),
                let name = FormText.pairs(Array(part[..<equals]).span).first?.name,
                names.contains(name)
            else { return Array(part) }
            let value = Array(part[(equals + 1)...])
            return part[...equals] + filled(mask.hidden(value), count: value.count)
        }
        return Array(shown.joined(separator: [UInt8(ascii: "&")]))
    }

    /// A text cut or repeated so that it has so many bytes.
    private func filled(_ text: String, count: Int) -> [UInt8] {
        let bytes = Array(text.utf8)
        return (0..<count).map { bytes[$0 % bytes.count] }
    }
}
