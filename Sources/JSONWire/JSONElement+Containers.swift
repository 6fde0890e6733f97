internal import CJSONScan

extension JSONElement {
    /// The value of an object's member; of repeated names the last counts; nil where there is none or this is no object.
    ///
    /// - Complexity: O(m) in the members of the object, whatever is inside them; no allocation.
    package func member(_ name: JSONName) -> JSONElement? {
        guard entry.kind == UInt8(SLUICE_JSON_OBJECT.rawValue) else { return nil }
        let found = unsafe name.bytes.withUnsafeBufferPointer { bytes in
            unsafe sluice_json_member(text, entries, place, bytes.baseAddress, bytes.count)
        }
        return found == 0 ? nil : sibling(at: found)
    }

    /// The element of an array at an index from 0; nil beyond its end, for negative indices and where this is no array.
    ///
    /// - Complexity: O(index).
    package func element(at index: Int) -> JSONElement? {
        guard index >= 0 else { return nil }
        var left = index
        for element in elements {
            if left == 0 { return element }
            left -= 1
        }
        return nil
    }

    /// How many elements or members there are, repeated names counted each; 0 for anything but arrays and objects.
    ///
    /// - Complexity: O(count).
    package var count: Int {
        var count = 0
        switch kind {
        case .array: for _ in elements { count += 1 }
        case .object: for _ in members { count += 1 }
        default: break
        }
        return count
    }

    /// The elements of an array in order; none for anything else.
    package var elements: Elements {
        Elements(of: entry.kind == UInt8(SLUICE_JSON_ARRAY.rawValue) ? self : nil)
    }

    /// The members of an object in order, repeated names too; none for anything else.
    package var members: Members {
        Members(of: entry.kind == UInt8(SLUICE_JSON_OBJECT.rawValue) ? self : nil)
    }

    /// The elements of an array, in order.
    package struct Elements: Sequence, IteratorProtocol {
        private let container: JSONElement?
        private var at: UInt32
        private let end: UInt32

        fileprivate init(of container: JSONElement?) {
            self.container = container
            at = container.map { $0.place + 1 } ?? 0
            end = container.map { $0.entry.next } ?? 0
        }

        /// The next element.
        package mutating func next() -> JSONElement? {
            guard at < end, let container else { return nil }
            let element = container.sibling(at: at)
            at = element.entry.next
            return element
        }
    }

    /// The members of an object, in order.
    package struct Members: Sequence, IteratorProtocol {
        private let container: JSONElement?
        private var at: UInt32
        private let end: UInt32

        fileprivate init(of container: JSONElement?) {
            self.container = container
            at = container.map { $0.place + 1 } ?? 0
            end = container.map { $0.entry.next } ?? 0
        }

        /// The next member.
        package mutating func next() -> Member? {
            guard at < end, let container else { return nil }
            let name = container.sibling(at: at)
            let value = container.sibling(at: at + 1)
            at = value.entry.next
            return Member(nameElement: name, value: value)
        }
    }

    /// One member of an object.
    package struct Member {
        /// The name, as a string element.
        package let nameElement: JSONElement
        /// The value.
        package let value: JSONElement

        /// The name's text.
        package var name: String { nameElement.copyString() ?? "" }
    }
}
