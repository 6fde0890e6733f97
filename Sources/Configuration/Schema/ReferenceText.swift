internal import Documents

/// The text of `config/reference.yml`: every key that belongs to the program itself, with its default and what it means.
package struct ReferenceText {
    /// The text.
    package static var text: String {
        var reference = ReferenceText()
        let map = RootKeys.map
        reference.lines = head
        for key in map.keys where key.isShown && !key.shape.blocks.isEmpty {
            reference.lines.append("")
            reference.add(key, value: nil, to: "", path: key.name)
        }
        reference.lines += tail
        return reference.lines.joined(separator: "\n") + "\n"
    }

    /// Where comments begin, unless the line is longer.
    private static let column = 32

    private static let head = [
        "# Every key that belongs to Sluice itself, with its default and what it means. "
            + "`sluice check -f config/reference.yml`",
        "# accepts it as it stands. The keys of components and workflows are in "
            + "docs/configuration.md.",
        "# Made from the keys' declarations in Sources by `make keys`.",
    ]

    private static let tail = [
        "",
        "workflow:                       # only so that the trigger has something to start",
        "  id: example",
        "  jobs:",
        "    - { id: note, component: note, input: \"${input}\" }",
        "",
        "component:",
        "  id: note",
        "  type: http-client",
        "  endpoint: https://service.example.com/notes",
        "  body: ${input}",
    ]

    private var lines: [String] = []

    /// Adds a key; `margin` is what stands before it in its line.
    private mutating func add(
        _ key: SettingDetails,
        value: String?,
        to margin: String,
        path: String
    ) {
        let inner = String(repeating: " ", count: margin.count + 2)
        if !key.heading.isEmpty { lines.append("\(margin)# \(key.heading)") }
        let samples = ReferenceSample.samples[path] ?? [.whole]
        guard let block = key.shape.blocks.first else {
            add(key, "\(margin)\(key.name): \(value ?? key.shown)", isExample: value != nil)
            return
        }
        add(key, "\(margin)\(key.name):", isExample: false)
        switch key.shape {
        case .map: addNamed(samples, block, inner, path)
        case .list: addItems(samples, block, inner, path)
        // One in a list's place is shown as one where its name says so.
        case .some where key.name.hasSuffix("s"): addItems(samples, block, inner, path)
        default:
            for sample in samples { addKeys(sample, block, inner, path) }
        }
    }

    private mutating func addKeys(
        _ sample: ReferenceSample,
        _ block: SettingMap,
        _ margin: String,
        _ path: String
    ) {
        for key in block.keys where sample.has(key) {
            add(key, value: sample.value(key), to: margin, path: "\(path).\(key.name)")
        }
    }

    /// Adds the elements of a list, the dash of each in front of its first key.
    private mutating func addItems(
        _ samples: [ReferenceSample],
        _ block: SettingMap,
        _ margin: String,
        _ path: String
    ) {
        for (index, sample) in samples.enumerated() {
            if case .text(let text) = sample {
                lines.append("\(margin)- \(text)")
                continue
            }
            if index > 0, margin.count == 2 { lines.append("") }
            let first = lines.count
            addKeys(sample, block, margin + "  ", path)
            guard lines.count > first else { continue }
            lines[first] = "\(margin)- \(lines[first].dropFirst(margin.count + 2))"
        }
    }

    /// Adds the elements of a map with any keys: a name, then what stands under it.
    private mutating func addNamed(
        _ samples: [ReferenceSample],
        _ block: SettingMap,
        _ margin: String,
        _ path: String
    ) {
        for sample in samples {
            if case .text(let name) = sample {
                lines.append("\(margin)\(name):")
            } else {
                addKeys(sample, block, margin + "  ", path)
            }
        }
    }

    private mutating func add(_ key: SettingDetails, _ text: String, isExample: Bool) {
        let width = text.count < Self.column ? Self.column - text.count : 2
        let space = String(repeating: " ", count: width)
        let note = key.noteOnDefault(isExample: isExample)
        let comment = note.map { "\(key.about); \($0)" } ?? key.about
        lines.append("\(text)\(space)# \(comment)")
    }
}

extension SettingDetails {
    /// The value that the reference shows where it shows no other.
    fileprivate var shown: String {
        if let example { return example }
        guard case .value(let text) = standard else { return "" }
        return text
    }

    /// What is said of a default that is not the value shown; nil where nothing is.
    ///
    /// Of maps and lists of them nothing is said: what stands in them has defaults of its own.
    fileprivate func noteOnDefault(isExample: Bool) -> String? {
        guard shape.blocks.isEmpty else { return nil }
        switch standard {
        case .value(let text): return isExample || example != nil ? "\(text) by default" : nil
        case .described(let words): return "without it: \(words)"
        case .nothing: return "none by default"
        case .required: return "no default"
        }
    }
}
