internal import HTTPWire
internal import Primitives

/// A site's routes in the form that is looked up: flat arrays, found by the bytes of the path.
///
/// A class, so that a look costs no reference to each of its arrays.
final class RouteTable: Sendable {
    /// What a request's path and method come to.
    enum Match: Sendable, Equatable {
        /// The route with that index serves it.
        case found(Int)
        /// The path is there; the engine answers OPTIONS with these methods.
        case options(MethodSet)
        /// The path is there, but not for this method.
        case notAllowed(MethodSet)
        /// The path is there, and HEAD asks for it where HEAD only probes.
        case probe
        case missing
    }

    /// One path, and which of ``methods`` are its.
    struct Path: Sendable {
        let hash: UInt64
        /// Where its bytes lie in ``text``.
        let place: Range<Int>
        let methods: Range<Int>
    }

    /// A set of methods, and the route that serves them.
    struct MethodEntry: Sendable {
        let methods: MethodSet
        let route: Int
    }

    /// One path with parameter segments.
    struct Pattern: Sendable {
        /// The segments up to the first that takes the rest of the path; nil takes any that is not empty.
        let segments: [String?]
        /// Whether the rest of the path follows, whatever it is.
        let takesRest: Bool
        let methods: Range<Int>
    }

    /// The paths' bytes, one after the other.
    let text: [UInt8]
    /// Indices into ``paths`` by hash, open addressing; -1 is free.
    ///
    /// A power of two, at most half full.
    let slots: [Int32]
    let paths: [Path]
    /// The paths with parameters: those with text before those with a parameter, segment by segment.
    let patterns: [Pattern]
    let methods: [MethodEntry]
    /// Every method that any route serves, for `OPTIONS *`.
    let allMethods: MethodSet
    /// Whether HEAD is the same for every path, and reaches no route.
    let headProbes: Bool

    /// Puts a table together from parts that fit each other.
    init(
        text: [UInt8],
        slots: [Int32],
        paths: [Path],
        patterns: [Pattern],
        methods: [MethodEntry],
        allMethods: MethodSet,
        headProbes: Bool
    ) {
        self.text = text
        self.slots = slots
        self.paths = paths
        self.patterns = patterns
        self.methods = methods
        self.allMethods = allMethods
        self.headProbes = headProbes
    }

    /// Finds the route of a request.
    func match(_ head: borrowing Head) -> Match {
        let method = head.summary.method
        if head.summary.isAsterisk { return .options(allMethods) }
        if method == .head, headProbes { return anyRoute(head) == nil ? .missing : .probe }
        var allowed: MethodSet = []
        if let entry = exactPath(head) {
            if let route = serving(method, paths[entry].methods, &allowed) { return .found(route) }
        }
        for pattern in patterns where Self.matches(pattern, head) {
            if let route = serving(method, pattern.methods, &allowed) { return .found(route) }
        }
        guard !allowed.isEmpty else { return .missing }
        allowed.insert(MethodSet(.options))
        if headProbes { allowed.insert(MethodSet(.head)) }
        return method == .options ? .options(allowed) : .notAllowed(allowed)
    }

    /// A route of the request's path, whatever the method; nil where there is nothing at the path.
    func anyRoute(_ head: borrowing Head) -> Int? {
        if let entry = exactPath(head) { return methods[paths[entry].methods].first?.route }
        for pattern in patterns where Self.matches(pattern, head) {
            return methods[pattern.methods].first?.route
        }
        return nil
    }

    private func exactPath(_ head: borrowing Head) -> Int? {
        guard head.summary.isPathEscaped else { return head.withRawPath { find($0) } }
        // An escaped slash is part of a segment's text: no exact path has one.
        guard !head.hasEscapedSlash else { return nil }
        let decoded = Array(head.path.utf8)
        return find(decoded.span)
    }

    private func find(_ sent: Span<UInt8>) -> Int? {
        if paths.count <= Self.comparedMax {
            return paths.firstIndex { isSame($0.place, sent) }
        }
        let hash = sent.isEmpty ? Self.rootHash : Self.hash(sent)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if paths[index].hash == hash, isSame(paths[index].place, sent) { return index }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Whether the path of that place is the one sent; an empty one, of an absolute target, is `/`.
    private func isSame(_ place: Range<Int>, _ sent: Span<UInt8>) -> Bool {
        if sent.isEmpty { return place.count == 1 }
        guard place.count == sent.count else { return false }
        let text = text
        return Self.begins(text.span, at: place.lowerBound, with: sent)
    }

    /// Whether all of `sent` stands in `text` from `start` on.
    private static func begins(
        _ text: Span<UInt8>,
        at start: Int,
        with sent: Span<UInt8>
    ) -> Bool {
        var index = 0
        while index + 8 <= sent.count {
            guard sent.word(at: index) == text.word(at: start + index) else { return false }
            index += 8
        }
        while index < sent.count {
            guard sent[index] == text[start + index] else { return false }
            index += 1
        }
        return true
    }

    /// Up to so many paths are compared one by one: cheaper than a hash of what was sent.
    private static var comparedMax: Int { 4 }

    /// The route for a method among a path's; adds what the path allows.
    private func serving(
        _ method: Method,
        _ range: Range<Int>,
        _ allowed: inout MethodSet
    ) -> Int? {
        var get: Int?
        for index in range {
            let entry = methods[index]
            if entry.methods.contains(method) { return entry.route }
            if entry.methods.contains(.get) {
                get = entry.route
                allowed.insert(MethodSet(.head))
            }
            allowed.formUnion(entry.methods)
        }
        return method == .head ? get : nil
    }

    private static func matches(_ pattern: Pattern, _ head: borrowing Head) -> Bool {
        for (index, wanted) in pattern.segments.enumerated() {
            guard let segment = head.pathSegment(index) else { return false }
            if let wanted {
                if segment != wanted { return false }
            } else if segment.isEmpty {
                return false
            }
        }
        return (head.pathSegment(pattern.segments.count) != nil) == pattern.takesRest
    }

    private static let rootHash = hash([UInt8(ascii: "/")].span)

    /// FNV-1a: short texts, fixed keys, nobody can add to the table.
    static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return hash ^ (hash >> 32)
    }
}
