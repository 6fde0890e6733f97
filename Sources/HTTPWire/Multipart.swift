/// Bodies of `multipart/form-data` (RFC 7578).
package enum Multipart {
    /// One part of a body.
    package struct Part: Sendable {
        /// The field's name.
        package let name: String
        /// The file's name, where the part is a file.
        package let filename: String?
        /// The part's own media type, as sent; nil where it names none.
        package let contentType: String?
        /// The content.
        package let bytes: [UInt8]
    }

    /// Why a body was not taken.
    package enum Failure: Error, Sendable, Hashable {
        /// It is not what its boundary promises.
        case malformed(String)
        /// It has more parts than allowed.
        case tooManyParts(limit: Int)
    }

    /// The boundary a content type names (RFC 2046, 5.1.1); nil where it names none or an unusable one.
    package static func boundary(ofContentType text: String) -> [UInt8]? {
        for parameter in text.split(separator: ";").dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map(trimmed)
            guard pair.count == 2, pair[0].lowercased() == "boundary" else { continue }
            var value = pair[1]
            if value.hasPrefix("\""), value.hasSuffix("\""), value.count >= 2 {
                value = String(value.dropFirst().dropLast())
            }
            return value.isEmpty || value.utf8.count > 70 ? nil : Array(value.utf8)
        }
        return nil
    }

    /// Reads the parts of a body.
    ///
    /// - Parameters:
    ///   - body: The whole body.
    ///   - boundary: What separates its parts, without the dashes.
    ///   - partsMax: The most parts.
    /// - Returns: The parts in their order.
    /// - Throws: ``Failure`` when the body is cut short, has a part without a name, or has too many.
    /// - Complexity: O(n) with the length of the boundary as factor at worst.
    package static func parts(
        of body: [UInt8],
        boundary: [UInt8],
        partsMax: Int
    ) throws(Failure) -> [Part] {
        let delimiter = Array("--".utf8) + boundary
        guard var position = find(delimiter, in: body, from: 0) else {
            throw .malformed("no boundary was found")
        }
        var parts: [Part] = []
        while true {
            position += delimiter.count
            if starts(body, at: position, with: dashes) { return parts }
            guard let start = afterLineEnd(body, position) else {
                throw .malformed("a boundary is not followed by a line end")
            }
            guard let next = find(lineEnd + delimiter, in: body, from: start - 2) else {
                throw .malformed("the last boundary is missing")
            }
            guard parts.count < partsMax else { throw .tooManyParts(limit: partsMax) }
            parts.append(try part(body[start..<max(start, next)]))
            position = next + 2
        }
    }

    private static let lineEnd: [UInt8] = [13, 10]
    private static let dashes = Array("--".utf8)

    private static func part(_ bytes: ArraySlice<UInt8>) throws(Failure) -> Part {
        let all = Array(bytes)
        let isHeadless = starts(all, at: 0, with: lineEnd)
        guard let headEnd = isHeadless ? 0 : find(lineEnd + lineEnd, in: all, from: 0) else {
            throw .malformed("a part has no end of its header")
        }
        var disposition: [String: String] = [:]
        var contentType: String?
        for line in String(decoding: all[..<headEnd], as: UTF8.self).split(separator: "\r\n") {
            let field = line.split(separator: ":", maxSplits: 1).map(trimmed)
            guard field.count == 2 else { continue }
            switch field[0].lowercased() {
            case "content-disposition": disposition = parameters(field[1])
            case "content-type": contentType = field[1]
            default: break
            }
        }
        guard let name = disposition["name"] else { throw .malformed("a part has no name") }
        let contentStart = min(all.count, headEnd + (isHeadless ? 2 : 4))
        return Part(
            name: name,
            filename: disposition["filename"],
            contentType: contentType,
            bytes: Array(all[contentStart...])
        )
    }

    private static func parameters(_ text: String) -> [String: String] {
        var found: [String: String] = [:]
        for parameter in splitOutsideQuotes(text).dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map(trimmed)
            guard pair.count == 2 else { continue }
            var value = pair[1]
            if value.hasPrefix("\""), value.hasSuffix("\""), value.count >= 2 {
                value = String(value.dropFirst().dropLast())
            }
            found[pair[0].lowercased()] = value
        }
        return found
    }

    private static func splitOutsideQuotes(_ text: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == ";", !isQuoted {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var slice = Substring(text)
        while slice.first == " " || slice.first == "\t" { slice.removeFirst() }
        while slice.last == " " || slice.last == "\t" { slice.removeLast() }
        return String(slice)
    }

    /// The place behind optional blanks and a line end; nil where there is no line end.
    private static func afterLineEnd(_ body: [UInt8], _ position: Int) -> Int? {
        var place = position
        while place < body.count, body[place] == 32 || body[place] == 9 { place += 1 }
        return starts(body, at: place, with: lineEnd) ? place + 2 : nil
    }

    private static func starts(_ body: [UInt8], at place: Int, with part: [UInt8]) -> Bool {
        guard place >= 0, body.count - place >= part.count else { return false }
        for offset in part.indices where body[place + offset] != part[offset] { return false }
        return true
    }

    private static func find(_ part: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        var place = max(0, start)
        while body.count - place >= part.count {
            if starts(body, at: place, with: part) { return place }
            place += 1
        }
        return nil
    }
}
