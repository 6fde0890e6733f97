/// Reads YAML and JSON texts into trees that know where everything was written.
///
/// YAML is read as libyaml does, typed by the YAML 1.2 core schema: `yes`, `no`, `on`, `off` are text. Anchors, aliases
/// and merge keys (`<<`) are resolved. A file whose name ends in `.json` is read as JSON (RFC 8259), because YAML does
/// not take all of it.
package enum YAMLReader {
    /// How large a text may be.
    package static let bytesMax = 16 << 20
    /// How many nodes a document may have once its aliases are put in.
    package static let nodesMax = 1_000_000
    /// How many lists and maps may lie inside each other.
    package static let depthMax = 128

    /// Reads all documents of a text; `---` divides them.
    ///
    /// Reports everything that is wrong to `diagnostics`; where that is an error, what comes back is incomplete. A
    /// syntax error ends the reading; repeated keys, unknown anchors and the like do not.
    ///
    /// - Parameters:
    ///   - bytes: The text, UTF-8; a BOM is skipped.
    ///   - file: The file's name as the user gave it, for positions.
    ///   - diagnostics: Where findings go.
    /// - Returns: The documents in order; none for a text without content.
    package static func read(_ bytes: [UInt8], file: String, diagnostics: Diagnostics) -> [Node] {
        guard let lines = check(bytes, file, diagnostics) else { return [] }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let text = hasMark ? Array(bytes.dropFirst(3)) : bytes
        let source = hasMark ? SourceLines(text) : lines
        if file.hasSuffix(".json") {
            return JSONTreeReader.read(text, lines: source, file: file, diagnostics: diagnostics)
        }
        var builder = YAMLBuilder(file: file, lines: source, diagnostics: diagnostics)
        unsafe text.withUnsafeBufferPointer { buffer in
            // The array, and with it the buffer, outlives the source.
            var events = unsafe YAMLEventSource(buffer)
            builder.build(&events)
        }
        return builder.documents
    }

    /// Reads all documents of a text.
    package static func read(_ text: String, file: String, diagnostics: Diagnostics) -> [Node] {
        read([UInt8](text.utf8), file: file, diagnostics: diagnostics)
    }

    /// The lines of a text that can be read at all; nil, and an error, for any other.
    private static func check(
        _ bytes: [UInt8],
        _ file: String,
        _ diagnostics: Diagnostics
    )
        -> SourceLines?
    {
        guard bytes.count <= bytesMax else {
            diagnostics.error(
                "the file has \(bytes.count) bytes, expected at most \(SizeText.spell(bytesMax))",
                at: SourcePosition(file: file, line: 1, column: 1)
            )
            return nil
        }
        let lines = SourceLines(bytes)
        if let offset = firstInvalid(bytes) {
            let hint =
                bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
                ? "; it looks like UTF-16" : ""
            diagnostics.error(
                "the file is not UTF-8\(hint)",
                at: lines.position(ofByte: offset, file: file)
            )
            return nil
        }
        if let offset = bytes.firstIndex(of: 0) {
            diagnostics.error(
                "the file has a NUL byte, expected text",
                at: lines.position(ofByte: offset, file: file)
            )
            return nil
        }
        return lines
    }

    private static func firstInvalid(_ bytes: [UInt8]) -> Int? {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}
