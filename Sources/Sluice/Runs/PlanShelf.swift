internal import Primitives
internal import Synchronization
internal import Workflows

/// The plans that runs follow: those of the present configuration, and of earlier ones whose runs have not ended.
final class PlanShelf: Sendable {
    /// The plans of the present configuration.
    let current: PlanSet
    /// The fingerprint of its text.
    let currentOrigin: Fingerprint
    private let compile: @Sendable (Fingerprint) -> PlanSet?
    private let earlier = Mutex<[Fingerprint: PlanSet?]>([:])

    /// Makes a shelf.
    ///
    /// - Parameters:
    ///   - current: The plans of the present configuration.
    ///   - origin: The fingerprint of its text.
    ///   - compile: Makes the plans of an earlier text; nil where that cannot be done any more. It may block.
    init(
        current: PlanSet,
        origin: Fingerprint,
        compile: @escaping @Sendable (Fingerprint) -> PlanSet? = { _ in nil }
    ) {
        self.current = current
        currentOrigin = origin
        self.compile = compile
    }

    /// The plans of a configuration text; nil where they are not available any more.
    ///
    /// Not on a loop thread: an earlier text is read from the store and compiled at its first use.
    func plans(of origin: Fingerprint) -> PlanSet? {
        if origin == currentOrigin { return current }
        return earlier.withLock { earlier in
            if let known = earlier[origin] { return known }
            let compiled = compile(origin)
            earlier[origin] = compiled
            return compiled
        }
    }
}
