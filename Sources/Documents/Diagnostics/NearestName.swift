/// Finds the name somebody meant.
package enum NearestName {
    /// The nearest of `names`, where it is near enough to be what was meant; nil otherwise.
    ///
    /// Near are names that become the same by ignoring case, `-` and `_`, or within one edit for up to four letters, two
    /// up to eight, else three. An edit is a letter put in, taken out, changed, or swapped with its neighbour (optimal
    /// string alignment). Of equally near ones the first counts. Where none is near, the only name that begins with three
    /// letters or more that were written is meant (`warn`: `warning`).
    /// - Complexity: O(n · m²) for n names of m letters; names over 64 letters are not looked at.
    package static func suggest(_ name: String, among names: some Sequence<String>) -> String? {
        let wanted = letters(name)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        var best: (name: String, edits: Int)?
        for candidate in names where candidate != name {
            let other = letters(candidate)
            guard !other.isEmpty, other.count <= 64 else { continue }
            let edits = distance(wanted, other)
            let limit = editsMax(min(wanted.count, other.count))
            if edits <= limit, edits < best?.edits ?? .max { best = (candidate, edits) }
        }
        return best?.name ?? completion(of: wanted, among: names)
    }

    private static func completion(
        of start: [UInt8],
        among names: some Sequence<String>
    ) -> String? {
        guard start.count >= 3 else { return nil }
        let longer = Set(names).filter { letters($0).starts(with: start) }
        return longer.count == 1 ? longer.first : nil
    }

    private static func editsMax(_ count: Int) -> Int {
        // Below three letters everything is near everything.
        if count < 3 { return 0 }
        return count <= 4 ? 1 : count <= 8 ? 2 : 3
    }

    private static func letters(_ name: String) -> [UInt8] {
        name.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    }

    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var edits = min(
                    previous[column] + (isSame ? 0 : 1),
                    previous[column + 1] + 1,
                    current[column] + 1
                )
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    edits = min(edits, older[column - 1] + 1)
                }
                current.append(edits)
            }
            (older, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
