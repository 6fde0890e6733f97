internal import Primitives

/// A queue in which runs take turns: a run with many entries does not hold up one with few.
///
/// Within a run, first come, first served.
struct FairQueue<Element> {
    private var lanes: [UUIDv7: RingQueue<Element>] = [:]
    private var turns = RingQueue<UUIDv7>()

    /// How many entries wait.
    private(set) var count = 0

    /// Puts an entry of a run behind the run's others.
    mutating func append(_ element: Element, of run: UUIDv7) {
        if lanes[run] == nil { turns.append(run) }
        lanes[run, default: RingQueue()].append(element)
        count += 1
    }

    /// Takes the entry whose turn it is; nil where nothing waits.
    mutating func popFirst() -> Element? {
        while let run = turns.popFirst() {
            guard let element = lanes[run]?.popFirst() else {
                lanes[run] = nil
                continue
            }
            count -= 1
            if lanes[run]?.isEmpty == false { turns.append(run) } else { lanes[run] = nil }
            return element
        }
        return nil
    }

    /// Takes out the entries of a run that `isOut` names.
    ///
    /// - Complexity: O(entries of the run).
    mutating func remove(of run: UUIDv7, where isOut: (Element) -> Bool) {
        guard var lane = lanes[run] else { return }
        var kept = RingQueue<Element>()
        while let element = lane.popFirst() {
            if isOut(element) { count -= 1 } else { kept.append(element) }
        }
        // An empty lane stays until its turn, so that its run never has two turns.
        lanes[run] = kept
    }
}
