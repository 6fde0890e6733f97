internal import Glibc

extension JSONValue {
    /// Values are equal when they are of one kind and say the same: strings byte by byte, numbers by their text, members
    /// in whatever order.
    ///
    /// Does not recurse, so depth costs no stack.
    /// - Complexity: O(n); scalars allocate nothing.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        var pending: [(JSONValue, JSONValue)] = []
        guard same(left, right, &pending) else { return false }
        while let (left, right) = pending.popLast() {
            guard same(left, right, &pending) else { return false }
        }
        return true
    }

    /// Compares two values but for their parts, which are put to `pending`.
    private static func same(
        _ left: JSONValue,
        _ right: JSONValue,
        _ pending: inout [(JSONValue, JSONValue)]
    ) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.integer(let left), .integer(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.string(let left), .string(let right)): return left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return false }
            pending.append(contentsOf: zip(left, right))
            return true
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            for member in left.members {
                guard let other = right[member.name] else { return false }
                pending.append((member.value, other))
            }
            return true
        default: return false
        }
    }
}

extension String {
    /// Whether two strings are the same bytes; Swift's own equality takes what only looks the same, too.
    func hasSameBytes(as other: String) -> Bool {
        // Both counts are known, as is where the bytes stand, for all but strings that came from elsewhere.
        guard utf8.count == other.utf8.count else { return false }
        let isSame = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            unsafe other.utf8.withContiguousStorageIfAvailable { others in
                guard let start = bytes.baseAddress, let other = others.baseAddress else {
                    return true
                }
                return unsafe memcmp(start, other, bytes.count) == 0
            }
        }
        if let isSame, let isSame { return isSame }
        return utf8.elementsEqual(other.utf8)
    }
}
