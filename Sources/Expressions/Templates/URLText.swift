package import Documents
internal import JSONWire

/// A string of the configuration in which a URL may stand, as far as it is known at load.
///
/// It is what decides whether a request carries one of this server's own URLs: literals with `env` put in, gateways,
/// and marks for what comes from a run.
package struct URLText: Sendable {
    /// One part.
    package enum Piece: Sendable, Hashable {
        /// Text, with the environment put in; never empty.
        case literal(String)
        /// One field of a gateway: `${gateway:8090.public_url}`; the port is nil where none is written.
        case gateway(port: Int?, field: String)
        /// What only a run tells.
        case unknown
    }

    /// The parts, in order; never empty.
    package let pieces: [Piece]
    /// For each of ``pieces`` its place among the parts that the string is evaluated from.
    let origins: [Int]
    /// What the string is evaluated from.
    let parts: [Form.Piece]
    /// Where the string stands.
    package let position: SourcePosition
    /// The path of keys down to the string.
    package let keyPath: String

    /// How many readings of one string are looked at, where its expressions have several alternatives.
    private static let readingsMax = 16

    /// The string from one of ``pieces`` on, to be evaluated in a run.
    package func tail(from piece: Int) -> Template {
        let first = origins.indices.contains(piece) ? origins[piece] : 0
        let kept = Array(parts.dropFirst(first))
        var collected = TemplateCompiler.Collected()
        for part in kept {
            part.expression.forEachLeaf { leaf in
                if case .reference(let reference) = leaf { collected.references.append(reference) }
            }
        }
        return Template(form: .text(kept), collected: collected)
    }

    /// The expression that one of ``pieces`` comes from, as it is written; nil where it is literal text.
    package func source(of piece: Int) -> String? {
        guard origins.indices.contains(piece) else { return nil }
        let source = parts[origins[piece]].source
        if source.isEmpty { return nil }
        return source.hasPrefix("${") || source.hasPrefix("{{") ? source : "${\(source)}"
    }

    /// The readings of a string: one for each combination of the alternatives in its expressions.
    static func readings(
        _ parts: [Form.Piece],
        at position: SourcePosition,
        keyPath: String
    ) -> [URLText] {
        // The readings share their beginnings: each is the place of its last link, and -1 before there is one.
        var links: [Link] = []
        var readings = [-1]
        for (place, part) in parts.enumerated() {
            let options = options(part.expression)
            var widened: [Int] = []
            for reading in readings {
                for option in options where widened.count < readingsMax {
                    var last = reading
                    for piece in option {
                        links.append(Link(piece: piece, origin: place, before: last))
                        last = links.count - 1
                    }
                    widened.append(last)
                }
            }
            readings = widened
        }
        return readings.map { chain(links, to: $0) }
            .filter { $0.contains { mayBeginURL($0.piece) } }
            .map { chain in
                URLText(
                    pieces: chain.map(\.piece),
                    origins: chain.map(\.origin),
                    parts: parts,
                    position: position,
                    keyPath: keyPath
                )
            }
    }

    /// One part of a reading, and the place of the link before it; -1 where it is the first.
    private struct Link {
        let piece: Piece
        let origin: Int
        let before: Int
    }

    /// The links of a reading, in order.
    private static func chain(_ links: [Link], to last: Int) -> [Link] {
        var chain: [Link] = []
        var place = last
        while links.indices.contains(place) {
            chain.append(links[place])
            place = links[place].before
        }
        return chain.reversed()
    }

    /// Whether a URL can begin in a part.
    private static func mayBeginURL(_ piece: Piece) -> Bool {
        switch piece {
        case .literal(let text): text.lowercased().contains("http")
        case .gateway: true
        case .unknown: false
        }
    }

    /// What an expression may stand for, as far as it is known.
    private static func options(_ expression: Expression) -> [[Piece]] {
        switch expression {
        case .constant(let value):
            let known = TextForm.text(of: value)
            return [known.isEmpty ? [] : [.literal(known)]]
        case .reference(let reference) where reference.source == .gateway:
            if reference.steps.count == 1, case .member(let name) = reference.steps[0] {
                return [[.gateway(port: reference.argument, field: name.text)]]
            }
            return [[.unknown]]
        case .cast(let inner, _, _, _): return options(inner)
        case .alternatives(let alternatives):
            return Array(alternatives.flatMap(options).prefix(readingsMax))
        case .text(let parts):
            var readings: [[Piece]] = [[]]
            for part in parts {
                let more = options(part)
                if more.count == 1 {
                    // In place: most parts have one reading.
                    for index in readings.indices { readings[index] += more[0] }
                } else {
                    let widened = readings.flatMap { reading in more.map { reading + $0 } }
                    readings = Array(widened.prefix(readingsMax))
                }
            }
            return readings
        // What a call yields is not known; what it is given may be in it.
        case .call(let call):
            return [[.unknown]] + call.arguments.flatMap(options).prefix(readingsMax - 1)
        default: return [[.unknown]]
        }
    }
}
