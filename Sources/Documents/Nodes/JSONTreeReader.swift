internal import JSONWire

/// Reads a JSON file (RFC 8259) into a tree with positions.
enum JSONTreeReader {
    /// The document in a list of one; none where the text is no JSON or has none.
    static func read(
        _ bytes: [UInt8],
        lines: SourceLines,
        file: String,
        diagnostics: Diagnostics
    ) -> [Node] {
        let scanner = JSONScanner(depthMax: YAMLReader.depthMax)
        return scanner.read(bytes.span) { result in
            switch result {
            case .success(let document):
                var places = Places(bytes, file: file)
                return [node(document.root, &places, diagnostics, SettingsPath())]
            case .failure(let error):
                diagnostics.error(
                    error.message,
                    at: lines.position(ofByte: error.offset, file: file)
                )
                return []
            }
        }
    }

    /// Recursion is bounded by the scanner's depth.
    private static func node(
        _ element: JSONElement,
        _ places: inout Places,
        _ diagnostics: Diagnostics,
        _ path: SettingsPath
    ) -> Node {
        let position = places.position(of: element)
        switch element.kind {
        case .null: return Node(.null, at: position, raw: "null")
        case .bool:
            let flag = element.bool ?? false
            return Node(.bool(flag), at: position, raw: flag ? "true" : "false")
        case .integer:
            return Node(
                .integer(element.integer ?? 0),
                at: position,
                raw: element.numberText ?? ""
            )
        case .number:
            let text = element.numberText ?? ""
            return Node(.number(text), at: position, raw: text)
        case .string:
            let text = element.copyString() ?? ""
            let isVerbatim = text.utf8.count + 2 == element.rawRange.count
            return Node(
                .text(text),
                at: position,
                raw: text,
                textStartsAtColumn: isVerbatim ? position.column + 1 : nil
            )
        case .array:
            var items: [Node] = []
            for item in element.elements {
                items.append(node(item, &places, diagnostics, path.item(items.count)))
            }
            return Node(.list(items), at: position)
        case .object:
            return Node(.map(entries(element, &places, diagnostics, path)), at: position)
        }
    }

    private static func entries(
        _ object: JSONElement,
        _ places: inout Places,
        _ diagnostics: Diagnostics,
        _ path: SettingsPath
    ) -> [Node.Entry] {
        var entries: [Node.Entry] = []
        var seen: [String: SourcePosition] = [:]
        for member in object.members {
            let name = member.name
            let position = places.position(of: member.nameElement)
            let value = node(member.value, &places, diagnostics, path.key(name))
            if let first = seen[name] {
                diagnostics.error(
                    "the key `\(name.clipped)` is already at \(first.description)",
                    at: position,
                    keyPath: path.text
                )
                continue
            }
            seen[name] = position
            entries.append(Node.Entry(key: name, keyPosition: position, value: value))
        }
        return entries
    }

    /// Turns offsets into lines and columns, going on from the last: JSON may be one long line.
    private struct Places {
        private let bytes: [UInt8]
        private let file: String
        private var offset = 0
        private var line = 1
        private var column = 1

        init(_ bytes: [UInt8], file: String) {
            self.bytes = bytes
            self.file = file
        }

        /// The place of an element; elements are asked for in the order of the text.
        mutating func position(of element: JSONElement) -> SourcePosition {
            let target = element.rawRange.lowerBound
            while offset < target, offset < bytes.count {
                let byte = bytes[offset]
                if byte == 0x0A {
                    (line, column) = (line + 1, 1)
                } else if byte & 0xC0 != 0x80 {
                    column += 1
                }
                offset += 1
            }
            return SourcePosition(file: file, line: line, column: column)
        }
    }
}
