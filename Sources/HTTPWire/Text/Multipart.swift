internal import Primitives

/// Bodies of `multipart/form-data` (RFC 7578).
package enum Multipart {
    /// One part of a body.
    package struct Part: Sendable {
        /// The field's name as bytes, in the form's encoding.
        package let nameBytes: [UInt8]
        /// The file's name as bytes, in the form's encoding; nil where the part is no file.
        package let filenameBytes: [UInt8]?
        /// The file's name that `filename*` gives (RFC 8187), which names its encoding itself; nil where there is none.
        package let extendedFilename: String?
        /// The part's own media type, as sent; nil where it names none.
        package let contentType: String?
        /// The content.
        package let bytes: [UInt8]

        /// The field's name.
        package func name(in charset: Charset = .utf8) -> String {
            charset.decodeUnmarked(nameBytes)
        }

        /// The file's name; nil where the part is no file.
        package func filename(in charset: Charset = .utf8) -> String? {
            extendedFilename ?? filenameBytes.map { charset.decodeUnmarked($0) }
        }
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
        guard let boundary = HeaderParameters(text)["boundary"], !boundary.isEmpty,
            boundary.count <= 70
        else { return nil }
        return boundary
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
                throw .malformed("no line end follows the boundary that ends at byte \(position)")
            }
            guard let next = find(lineEnd + delimiter, in: body, from: start - 2) else {
                throw .malformed("no boundary follows the part that begins at byte \(start)")
            }
            guard parts.count < partsMax else { throw .tooManyParts(limit: partsMax) }
            parts.append(try part(body[start..<max(start, next)], number: parts.count + 1))
            position = next + 2
        }
    }

    private static let lineEnd: [UInt8] = [13, 10]
    private static let dashes = Array("--".utf8)

    private static func part(
        _ all: ArraySlice<UInt8>,
        number: Int
    ) throws(Failure) -> Part {
        let place = "part \(number), at byte \(all.startIndex),"
        let isHeadless = starts(all, at: all.startIndex, with: lineEnd)
        guard
            let headEnd = isHeadless
                ? all.startIndex : find(lineEnd + lineEnd, in: all, from: all.startIndex)
        else { throw .malformed("\(place) has no end of its header") }
        var disposition: HeaderParameters?
        var contentType: String?
        var at = all.startIndex
        while at < headEnd {
            let end = find(lineEnd, in: all[..<headEnd], from: at) ?? headEnd
            let line = all[at..<end]
            at = end + 2
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = HeaderParameters.trimmed(line[(colon + 1)...])
            let name = HeaderParameters.trimmed(line[..<colon])
            switch String(decoding: name, as: UTF8.self).lowercased() {
            case "content-disposition": disposition = disposition ?? HeaderParameters(value)
            case "content-type": contentType = String(decoding: value, as: UTF8.self)
            default: break
            }
        }
        guard let name = disposition?["name"] else { throw .malformed("\(place) has no name") }
        let contentStart = min(all.endIndex, headEnd + (isHeadless ? 2 : 4))
        return Part(
            nameBytes: unescaped(name),
            filenameBytes: (disposition?["filename"]).map(unescaped),
            extendedFilename: (disposition?["filename*"]).flatMap(extended),
            contentType: contentType,
            bytes: Array(all[contentStart...])
        )
    }

    /// A name as browsers write it: `%22`, `%0D` and `%0A` are the three characters that they escape (HTML, 4.10.22.8).
    private static func unescaped(_ name: [UInt8]) -> [UInt8] {
        guard name.contains(UInt8(ascii: "%")) else { return name }
        var text: [UInt8] = []
        var at = 0
        while at < name.count {
            let escape = name[at...].prefix(3)
            if escape.elementsEqual("%22".utf8) {
                text.append(UInt8(ascii: "\""))
            } else if escape.elementsEqual("%0D".utf8) || escape.elementsEqual("%0d".utf8) {
                text.append(13)
            } else if escape.elementsEqual("%0A".utf8) || escape.elementsEqual("%0a".utf8) {
                text.append(10)
            } else {
                text.append(name[at])
                at += 1
                continue
            }
            at += 3
        }
        return text
    }

    /// The text of an extended parameter, `UTF-8'language'percent-encoded` (RFC 8187, 3.2); nil for other texts.
    private static func extended(_ text: [UInt8]) -> String? {
        let parts = text.split(
            separator: UInt8(ascii: "'"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3,
            let charset = Charset(label: String(decoding: parts[0], as: UTF8.self))
        else { return nil }
        return charset.decodeUnmarked(
            PercentCode.decodeBytes(Array(parts[2]).span, plusIsSpace: false)
        )
    }

    /// The place behind optional blanks and a line end; nil where there is no line end.
    private static func afterLineEnd(_ body: [UInt8], _ position: Int) -> Int? {
        var place = position
        while place < body.count, body[place] == 32 || body[place] == 9 { place += 1 }
        return starts(body, at: place, with: lineEnd) ? place + 2 : nil
    }

    private static func starts(_ body: [UInt8], at place: Int, with part: [UInt8]) -> Bool {
        starts(body[...], at: place, with: part)
    }

    private static func starts(
        _ body: ArraySlice<UInt8>,
        at place: Int,
        with part: [UInt8]
    ) -> Bool {
        guard place >= body.startIndex, body.endIndex - place >= part.count else { return false }
        for offset in part.indices where body[place + offset] != part[offset] { return false }
        return true
    }

    private static func find(_ part: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        find(part, in: body[...], from: start)
    }

    private static func find(_ part: [UInt8], in body: ArraySlice<UInt8>, from start: Int) -> Int? {
        var place = max(body.startIndex, start)
        while body.endIndex - place >= part.count {
            if starts(body, at: place, with: part) { return place }
            place += 1
        }
        return nil
    }
}
