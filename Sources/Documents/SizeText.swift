/// Sizes as the configuration writes them: `64MiB`, `1MB`, `512KiB`, `1024`.
package enum SizeText {
    /// Reads a size in bytes; nil where the text is none or beyond 64 bits.
    ///
    /// Units of 1024 are `KiB MiB GiB TiB` and the bare letters `K M G T`; units of 1000 are `KB MB GB TB`; case does
    /// not matter; a blank may stand before the unit; a number without unit is bytes.
    package static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        var unit = text.dropFirst(digits.count)
        if unit.first == " " { unit = unit.dropFirst() }
        guard let factor = factors[unit.lowercased()] else { return nil }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = Int(first), parts.count <= 2 else { return nil }
        let (bytes, overflow) = whole.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return bytes }
        // Cut to whole bytes; a fraction of a byte means nothing.
        guard factor > 1, parts[1].utf8.count <= 6, let fraction = Int(parts[1]) else { return nil }
        var scale = 1
        for _ in parts[1].utf8 { scale *= 10 }
        let (scaled, tooMany) = fraction.multipliedReportingOverflow(by: factor)
        let (sum, overflowToo) = bytes.addingReportingOverflow(scaled / scale)
        return tooMany || overflowToo ? nil : sum
    }

    /// A size in the largest binary unit that divides it: `64MiB`, `1000`.
    package static func spell(_ bytes: Int) -> String {
        for (unit, factor) in [
            ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ]
        where bytes >= factor && bytes % factor == 0 {
            return "\(bytes / factor)\(unit)"
        }
        return "\(bytes)"
    }

    private static let factors: [String: Int] = [
        "": 1, "b": 1,
        "k": 1 << 10, "kib": 1 << 10, "kb": 1_000,
        "m": 1 << 20, "mib": 1 << 20, "mb": 1_000_000,
        "g": 1 << 30, "gib": 1 << 30, "gb": 1_000_000_000,
        "t": 1 << 40, "tib": 1 << 40, "tb": 1_000_000_000_000,
    ]
}
