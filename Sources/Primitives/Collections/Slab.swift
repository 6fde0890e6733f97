/// Places for values that own something, found again by a 32-bit index.
///
/// - Complexity: O(1), amortised where it grows.
@usableFromInline
package struct Slab<Element> {
    @usableFromInline var places: [Element?]
    @usableFromInline var freed: [UInt32]

    /// Makes an empty slab.
    @inlinable
    package init() {
        places = []
        freed = []
    }

    /// How many values there are.
    @inlinable package var count: Int { places.count - freed.count }

    /// Puts a value into a free place and names it.
    @inlinable
    package mutating func insert(_ element: Element) -> UInt32 {
        if let place = freed.popLast() {
            places[Int(place)] = element
            return place
        }
        places.append(element)
        return UInt32(truncatingIfNeeded: places.count - 1)
    }

    /// Takes the value of a place out; nil when nothing is there.
    @inlinable
    package mutating func remove(_ place: UInt32) -> Element? {
        guard Int(place) < places.count, let element = places[Int(place)].take() else { return nil }
        freed.append(place)
        return element
    }

    /// The value of a place; nil when nothing is there.
    @inlinable
    package subscript(place: UInt32) -> Element? {
        Int(place) < places.count ? places[Int(place)] : nil
    }

    /// Changes the value of a place where it stands; nothing happens when nothing is there.
    @inlinable
    package mutating func replace(_ place: UInt32, with element: Element) {
        guard Int(place) < places.count, places[Int(place)] != nil else { return }
        places[Int(place)] = element
    }
}
