package import Documents
internal import JSONWire

/// A source with the path into it, as an expression names it: `jobs.fetch.output.items[0]`.
package struct Reference: Sendable, Hashable {
    /// Where the value comes from.
    package var source: Source
    /// The port of `gateway:8090`; nil where none is written.
    package var argument: Int?
    /// The path from the source's value to the one that is meant; empty for all of it.
    package var steps: [PathStep]
    /// Where the reference stands in the configuration.
    package var position: SourcePosition

    /// Makes a reference.
    package init(
        _ source: Source,
        argument: Int? = nil,
        steps: [PathStep] = [],
        at position: SourcePosition
    ) {
        self.source = source
        self.argument = argument
        self.steps = steps
        self.position = position
    }

    /// The reference as an expression writes it, without `${}`.
    package var text: String {
        var text = source.name
        if let argument { text += ":\(argument)" }
        for step in steps { text += step.text }
        return text
    }
}

extension PathStep {
    /// The step as an expression writes it.
    package var text: String {
        switch self {
        case .member(let name):
            if !name.bytes.isEmpty, name.bytes.allSatisfy(Characters.isName) {
                ".\(name.text)"
            } else {
                "[\(Quoting.quoted(name.text))]"
            }
        case .index(let index): "[\(index)]"
        case .slice(let lower, let upper):
            "[\(lower.map(String.init) ?? ""):\(upper.map(String.init) ?? "")]"
        case .all: "[*]"
        }
    }
}
