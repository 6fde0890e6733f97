internal import Rendezvous

/// The keys among many that look most like one: few letters apart, or with the same beginning.
struct NearestKeys {
    /// A key that looks like the one that was sought.
    struct Found: Sendable {
        /// The key.
        let key: [UInt8]
        /// Who waits for it.
        let wait: WaitID
        /// How unlike it is: the letters it is apart, more where only the beginning is the same.
        let distance: Int
    }

    /// The nearest so far, nearest first; each key once.
    private(set) var found: [Found] = []
    private let sought: [UInt8]
    private let plain: [UInt8]
    private let editsMax: Int
    private var older: [Int]
    private var previous: [Int]
    private var current: [Int]

    /// How many are kept.
    static let countMax = 5
    /// Keys longer than this are compared by their beginning alone.
    private static let lengthMax = 128
    /// What a key with the same beginning counts at least: more than any number of letters.
    private static let prefixDistance = 100

    /// Prepares to look for keys like this one.
    init(_ key: [UInt8]) {
        sought = key
        plain = key.map(Self.lowercased)
        editsMax = key.count < 3 ? 0 : key.count <= 4 ? 1 : key.count <= 8 ? 2 : 3
        older = Array(repeating: 0, count: Self.lengthMax + 1)
        previous = older
        current = older
    }

    /// Looks at the key of an open wait.
    mutating func see(_ key: [UInt8], of wait: WaitID) {
        guard let distance = distance(to: key) else { return }
        guard !found.contains(where: { $0.key == key }) else { return }
        if found.count >= Self.countMax, let last = found.last, distance >= last.distance { return }
        let place = found.firstIndex { $0.distance > distance } ?? found.count
        found.insert(Found(key: key, wait: wait, distance: distance), at: place)
        if found.count > Self.countMax { found.removeLast() }
    }

    private mutating func distance(to key: [UInt8]) -> Int? {
        if key == sought { return 0 }
        if let edits = edits(to: key) { return edits + 1 }
        var prefix = 0
        let shorter = min(key.count, sought.count)
        while prefix < shorter, key[prefix] == sought[prefix] { prefix += 1 }
        guard prefix >= 4, prefix * 2 >= shorter else { return nil }
        return Self.prefixDistance + max(key.count, sought.count) - prefix
    }

    /// The letters put in, taken out, changed or swapped with their neighbour, without regard to case; nil for too many.
    ///
    /// What both begin and end with is left out first: most keys of one service differ in a few letters.
    private mutating func edits(to key: [UInt8]) -> Int? {
        let apart = abs(key.count - plain.count)
        guard apart <= editsMax, max(key.count, plain.count) <= Self.lengthMax else { return nil }
        let shorter = min(key.count, plain.count)
        var start = 0
        while start < shorter, plain[start] == Self.lowercased(key[start]) { start += 1 }
        var tail = 0
        while tail < shorter - start,
            plain[plain.count - 1 - tail] == Self.lowercased(key[key.count - 1 - tail])
        {
            tail += 1
        }
        let rows = plain[start..<(plain.count - tail)]
        let columns = key[start..<(key.count - tail)]
        for column in 0...columns.count { previous[column] = column }
        for row in rows.indices {
            current[0] = row - start + 1
            var least = current[0]
            for column in columns.indices {
                let cost = cost(row, column, key, from: start)
                current[column - start + 1] = cost
                least = min(least, cost)
            }
            guard least <= editsMax else { return nil }
            (older, previous, current) = (previous, current, older)
        }
        let edits = previous[columns.count]
        return edits <= editsMax ? edits : nil
    }

    private func cost(_ row: Int, _ column: Int, _ key: [UInt8], from start: Int) -> Int {
        let letter = Self.lowercased(key[column])
        let place = column - start
        let cost = min(
            previous[place] + (plain[row] == letter ? 0 : 1),
            previous[place + 1] + 1,
            current[place] + 1
        )
        guard row > start, column > start, plain[row] == Self.lowercased(key[column - 1]),
            plain[row - 1] == letter
        else { return cost }
        return min(cost, older[place - 1] + 1)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
