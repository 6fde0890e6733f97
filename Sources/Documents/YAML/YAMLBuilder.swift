/// Puts the events of a YAML text together to documents.
///
/// Does not recurse: the collections that are open are a list.
struct YAMLBuilder {
    /// The documents that are complete.
    private(set) var documents: [Node] = []

    let file: String
    let diagnostics: Diagnostics
    private var lines: SourceLines
    private var open: [YAMLCollection] = []
    private var anchors: [String: YAMLAnchor] = [:]
    private var nodeCount = 0
    private var isStopped = false
    /// The last text in quotes that has several lines: where an error follows at once, a quote is missing in it.
    private var longText: YAMLMessages.LongText?

    init(file: String, lines: SourceLines, diagnostics: Diagnostics) {
        self.file = file
        self.lines = lines
        self.diagnostics = diagnostics
    }

    /// Reads all events.
    mutating func build(_ events: inout YAMLEventSource) {
        do throws(YAMLProblem) {
            while !isStopped {
                let event = try events.next()
                if case .streamEnd = event.content { return }
                take(event)
            }
        } catch {
            diagnostics.report(
                YAMLMessages.diagnostic(error, file: file, lines: &lines, after: longText)
            )
        }
    }

    private mutating func take(_ event: YAMLEvent) {
        let position = position(event.start)
        switch event.content {
        case .documentStart:
            anchors = [:]
            nodeCount = 0
        case .scalar(let text, let style, let properties):
            addScalar(text, style, properties, event)
        case .alias(let name):
            addAlias(name, at: position)
        case .listStart(let properties):
            begin(YAMLCollection(isMap: false, position, properties.anchor), properties.tag)
        case .mapStart(let properties):
            begin(YAMLCollection(isMap: true, position, properties.anchor), properties.tag)
        case .collectionEnd:
            endCollection()
        case .documentEnd, .streamEnd, .nothing:
            break
        }
    }

    private mutating func addScalar(
        _ text: String,
        _ style: YAMLEvent.Style,
        _ properties: YAMLEvent.Properties,
        _ event: YAMLEvent
    ) {
        let position = position(event.start)
        if style == .singleQuoted || style == .doubleQuoted, event.start.line < event.end.line {
            longText = YAMLMessages.LongText(
                start: event.start,
                end: event.end,
                quote: style == .singleQuoted ? "'" : "\""
            )
        }
        var content: Node.Content
        switch YAMLSchema.content(of: text, style: style, tag: properties.tag) {
        case .content(let typed):
            content = typed
        case .mismatch(let expected):
            content = .null
            error(
                "found the text `\(text.clipped)`, expected \(expected) as its tag says",
                position
            )
        case .unknownTag(let tag):
            content = .text(text)
            warnOfTag(tag, position)
        }
        let isMergeKey =
            text == "<<" && style == .plain && properties.tag == nil
            || properties.tag == YAMLSchema.mergeTag
        if isMergeKey { content = .text(text) }
        let node = Node(
            content,
            at: position,
            raw: text,
            textStartsAtColumn: textColumn(text, style, end: event.end)
        )
        if let anchor = properties.anchor {
            anchors[anchor] = YAMLAnchor(node: node, count: 1, height: 0)
        }
        add(node, count: 1, height: 0, isMergeKey: isMergeKey)
    }

    private mutating func addAlias(_ name: String, at position: SourcePosition) {
        guard let anchor = anchors[name] else {
            error("the alias `*\(name)` has no anchor `&\(name)` before it", position)
            add(Node(.null, at: position), count: 1, height: 0)
            return
        }
        guard let node = anchor.node else {
            error("the alias `*\(name)` stands inside its own anchor `&\(name)`", position)
            add(Node(.null, at: position), count: 1, height: 0)
            return
        }
        guard open.count + anchor.height <= YAMLReader.depthMax else {
            return stopAtDepth(position)
        }
        add(node, count: anchor.count, height: anchor.height)
    }

    private mutating func begin(_ collection: YAMLCollection, _ tag: String?) {
        guard open.count < YAMLReader.depthMax else { return stopAtDepth(collection.position) }
        let fitting = collection.isMap ? YAMLSchema.mapTag : YAMLSchema.listTag
        if let tag, tag != fitting, tag != "!" { warnOfTag(tag, collection.position) }
        if let anchor = collection.anchor {
            anchors[anchor] = YAMLAnchor(node: nil, count: 0, height: 0)
        }
        open.append(collection)
    }

    private mutating func endCollection() {
        guard let collection = open.popLast() else { return }
        let node = collection.finished
        let height = collection.height + 1
        if let anchor = collection.anchor {
            anchors[anchor] = YAMLAnchor(node: node, count: collection.count, height: height)
        }
        // What is inside was counted as it came.
        nodeCount -= collection.count - 1
        add(node, count: collection.count, height: height)
    }

    private mutating func add(_ node: Node, count: Int, height: Int, isMergeKey: Bool = false) {
        nodeCount += count
        guard nodeCount <= YAMLReader.nodesMax else {
            error("the document has more than \(YAMLReader.nodesMax) values", node.position)
            isStopped = true
            return
        }
        guard let last = open.indices.last else {
            documents.append(node)
            return
        }
        if let finding = open[last].add(node, isMergeKey: isMergeKey) {
            let path = YAMLMessages.bracedPath(at: finding.position, &lines)
            error(
                path.map { "`{{ \($0) }}` is a map to YAML: an expression is \"${\($0)}\"" }
                    ?? finding.message,
                finding.position
            )
        }
        open[last].count += count
        open[last].height = max(open[last].height, height)
    }

    /// The column at which a scalar's text begins, where the source has it there character by character.
    private mutating func textColumn(
        _ text: String,
        _ style: YAMLEvent.Style,
        end: YAMLEvent.Mark
    ) -> Int? {
        guard style != .block else { return nil }
        let quote = style == .plain ? 0 : 1
        let characters = text.unicodeScalars
        let start = end.column - quote - characters.count
        let line = lines.characters(ofLine: end.line)
        guard start >= quote, end.column <= line.count,
            line[start..<(end.column - quote)].elementsEqual(characters)
        else { return nil }
        if quote == 1, line[start - 1] != line[end.column - 1] { return nil }
        return start + 1
    }

    private func position(_ mark: YAMLEvent.Mark) -> SourcePosition {
        SourcePosition(file: file, line: mark.line + 1, column: mark.column + 1)
    }

    private func error(_ message: String, _ position: SourcePosition) {
        diagnostics.error(message, at: position, keyPath: keyPath)
    }

    private func warnOfTag(_ tag: String, _ position: SourcePosition) {
        diagnostics.warning(
            "the tag `\(tag.clipped)` has no meaning here; the value is read as written",
            at: position,
            keyPath: keyPath
        )
    }

    private mutating func stopAtDepth(_ position: SourcePosition) {
        error("more than \(YAMLReader.depthMax) lists and maps lie inside each other", position)
        isStopped = true
    }

    private var keyPath: String {
        var path = SettingsPath()
        for collection in open { path = collection.extend(path) }
        return path.text
    }
}

/// A value with a name, or one that is still being read.
struct YAMLAnchor {
    /// The value; nil while it is open.
    var node: Node?
    /// How many values it has, itself too.
    var count: Int
    /// How many lists and maps lie inside each other in it.
    var height: Int
}
