internal import HTTPWire

/// Turns a site's routes into the form that is looked up.
struct RouteTableBuilder {
    /// The routes that share a path, in their order.
    private var byPath: [(path: String, shape: String, entries: [RouteTable.MethodEntry])] = []
    private var allMethods: MethodSet = [MethodSet(.options)]
    private let headProbes: Bool

    private init(headProbes: Bool) {
        self.headProbes = headProbes
        if headProbes { allMethods.insert(MethodSet(.head)) }
    }

    /// Builds the table of a site.
    ///
    /// - Parameters:
    ///   - routes: The routes.
    ///   - basePath: What stands before every path.
    ///   - headProbes: Whether HEAD is answered alike for every path, without any route.
    /// - Returns: The table.
    /// - Throws: ``RouteError`` for a path without a leading slash, or a path and method that are there twice.
    static func build(
        _ routes: [Route],
        basePath: String,
        headProbes: Bool = false
    ) throws(RouteError) -> RouteTable {
        var builder = RouteTableBuilder(headProbes: headProbes)
        for (index, route) in routes.enumerated() {
            try builder.add(route, index: index, basePath: basePath)
        }
        return builder.table()
    }

    private mutating func add(
        _ route: Route,
        index: Int,
        basePath: String
    ) throws(RouteError) {
        let path = basePath + route.path
        guard path.utf8.first == UInt8(ascii: "/") else { throw .notAbsolute(path: path) }
        let entry = RouteTable.MethodEntry(methods: MethodSet(route.methods), route: index)
        allMethods.formUnion(entry.methods)
        if entry.methods.contains(.get) { allMethods.insert(MethodSet(.head)) }
        // Two patterns that differ in names alone take the same requests.
        let shape = RoutePath.shape(RoutePath.segments(path))
        for other in byPath where other.shape == shape {
            for one in other.entries where !one.methods.isDisjoint(with: entry.methods) {
                throw .repeated(path: path)
            }
        }
        guard let same = byPath.firstIndex(where: { $0.path == path }) else {
            byPath.append((path, shape, [entry]))
            return
        }
        byPath[same].entries.append(entry)
    }

    private func table() -> RouteTable {
        var text: [UInt8] = []
        var paths: [RouteTable.Path] = []
        var patterns: [(segments: [RoutePath.Segment], methods: Range<Int>)] = []
        var methods: [RouteTable.MethodEntry] = []
        for (path, _, entries) in byPath {
            let range = methods.count..<methods.count + entries.count
            methods += entries
            let segments = RoutePath.segments(path)
            if segments.contains(where: { $0.literal == nil }) {
                patterns.append((segments, range))
                continue
            }
            let bytes = Array(path.utf8)
            let place = text.count..<text.count + bytes.count
            text += bytes
            paths.append(
                .init(hash: RouteTable.hash(bytes.span), place: place, methods: range)
            )
        }
        patterns.sort { Self.isMoreLiteral($0.segments, $1.segments) }
        return RouteTable(
            text: text,
            slots: Self.slots(paths),
            paths: paths,
            patterns: patterns.map(Self.pattern),
            methods: methods,
            allMethods: allMethods,
            headProbes: headProbes
        )
    }

    private static func slots(_ paths: [RouteTable.Path]) -> [Int32] {
        guard !paths.isEmpty else { return [] }
        var count = 4
        while count < paths.count * 2 { count *= 2 }
        var slots = [Int32](repeating: -1, count: count)
        for (index, path) in paths.enumerated() {
            var slot = Int(truncatingIfNeeded: path.hash) & (count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = Int32(clamping: index)
        }
        return slots
    }

    private static func pattern(
        _ segments: [RoutePath.Segment],
        _ methods: Range<Int>
    ) -> RouteTable.Pattern {
        var segments = segments
        var takesRest = false
        if case .rest? = segments.last {
            segments.removeLast()
            takesRest = true
        }
        return .init(segments: segments.map(\.literal), takesRest: takesRest, methods: methods)
    }

    /// Whether the first says more at the first segment where the two are not of one kind.
    private static func isMoreLiteral(
        _ first: [RoutePath.Segment],
        _ second: [RoutePath.Segment]
    ) -> Bool {
        for (one, other) in zip(first, second) where one.rank != other.rank {
            return one.rank < other.rank
        }
        return false
    }
}
