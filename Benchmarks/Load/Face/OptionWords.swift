import Primitives

/// The words of the command line as options with their values.
struct OptionWords {
    /// What there is, with what stands for the value; nil for a switch.
    struct Known {
        /// The option with its dashes.
        let name: String
        /// What stands for its value in the help.
        let value: String?
        /// What it does, in one line.
        let help: String
    }

    /// The words that belong to no option.
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]

    /// Reads words; `--name value` and `--name=value` are the same.
    ///
    /// - Throws: ``Mistake`` for an unknown option, or a value that is missing or not wanted.
    init(_ words: [String], known: [Known]) throws(Mistake) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-") else {
                operands.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let option = known.first(where: { $0.name == name }) else {
                throw Mistake("there is no option \(name); see sluice-load --help")
            }
            let attached = parts.count > 1 ? String(parts[1]) : nil
            if option.value == nil, attached != nil { throw Mistake("\(name) takes no value") }
            let value = option.value == nil ? "" : attached ?? rest.popFirst()
            guard let value else { throw Mistake("\(name) wants a value") }
            values[name, default: []].append(value)
        }
    }

    /// The last value of an option.
    func text(_ name: String) -> String? { values[name]?.last }

    /// All values of an option.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// Whether an option is there.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// A whole number inside bounds.
    ///
    /// - Throws: ``Mistake`` for anything else.
    func count(_ name: String, _ bounds: ClosedRange<Int>) throws(Mistake) -> Int? {
        guard let text = text(name) else { return nil }
        guard let count = Int(text), bounds.contains(count) else {
            throw Mistake(
                "\(name) is \(text), and must be a number from \(bounds.lowerBound) to \(bounds.upperBound)"
            )
        }
        return count
    }

    /// A length of time: `250ms`, `10s`, `2m`, or a number of seconds.
    ///
    /// - Throws: ``Mistake`` for anything else, and for more than a day.
    func duration(_ name: String) throws(Mistake) -> Nanoseconds? {
        guard let text = text(name) else { return nil }
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        let (suffix, factor) = units.first { text.hasSuffix($0.0) } ?? ("", 1)
        guard let number = Double(text.dropLast(suffix.count)), number > 0,
            number * factor <= 86_400
        else {
            throw Mistake("\(name) is \(text), and must be a time such as 250ms, 10s or 2m")
        }
        return Nanoseconds(Int64(number * factor * 1e9))
    }
}
