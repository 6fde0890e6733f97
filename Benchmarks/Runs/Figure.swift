import JSONWire

/// One thing that was measured.
struct Figure {
    /// A name for programs.
    let name: String
    /// What it is, for people.
    let what: String
    /// The values of all rounds.
    let values: [Double]
    /// Their unit.
    let unit: String

    /// The value in the middle.
    var median: Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}

/// All figures, as text and as JSON.
struct Sheet {
    /// What was measured, in order.
    var figures: [Figure] = []

    /// A line for each figure.
    var text: String {
        figures.map { figure in
            let gap = String(repeating: " ", count: max(1, 52 - figure.what.count))
            return figure.what + gap + Self.rounded(figure.median) + " " + figure.unit
        }.joined(separator: "\n")
    }

    /// Every figure with its median, least and most.
    var json: JSONValue {
        var object = JSONObject()
        for figure in figures {
            object[figure.name] = .object([
                "what": .string(figure.what), "unit": .string(figure.unit),
                "median": Self.number(figure.median),
                "min": Self.number(figure.values.min() ?? 0),
                "max": Self.number(figure.values.max() ?? 0),
                "rounds": .integer(Int64(figure.values.count)),
            ])
        }
        return .object(object)
    }

    private static func number(_ value: Double) -> JSONValue {
        JSONNumber(value).map { .number($0) } ?? .null
    }

    private static func rounded(_ value: Double) -> String {
        if value >= 1000 || value == value.rounded() { return String(Int(value.rounded())) }
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
