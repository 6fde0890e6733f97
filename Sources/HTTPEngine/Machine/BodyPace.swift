internal import Primitives

/// How fast a body has come in lately: its size at some moments, over a window that slides.
///
/// What came before the window does not count, so that bytes sent at once do not pay for silence afterwards.
struct BodyPace: Sendable {
    /// How much there was at a moment.
    private struct Mark: Sendable {
        let time: Instant
        let bytes: Int
    }

    /// In the order of time; the first one is where the window begins, as near as it is known.
    private var marks: [Mark] = []
    /// Where it begins while the body is new: most bodies are whole before anybody looks.
    private var start = Mark(time: Instant(nanoseconds: 0), bytes: 0)

    /// How many moments a window is divided into.
    private static let marksPerWindow: Int64 = 20

    /// Begins to look, at a body of which so much is there.
    mutating func begin(_ bytes: Int, at now: Instant) {
        start = Mark(time: now, bytes: bytes)
        if !marks.isEmpty { marks.removeAll(keepingCapacity: true) }
    }

    /// What came within the window that ends now; nil while it has not lasted as long.
    mutating func latest(
        _ bytes: Int,
        at now: Instant,
        window: Nanoseconds
    ) -> (bytes: Int, time: Nanoseconds)? {
        let step = Nanoseconds(window.count / Self.marksPerWindow)
        if now.since(marks.last?.time ?? start.time) >= step {
            marks.append(Mark(time: now, bytes: bytes))
        }
        while let first = marks.first, now.since(first.time) >= window {
            start = first
            marks.removeFirst()
        }
        let time = now.since(start.time)
        guard time >= window else { return nil }
        return (bytes - start.bytes, time)
    }
}
