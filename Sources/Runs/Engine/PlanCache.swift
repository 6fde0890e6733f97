package import Primitives
package import Store
package import Workflows

/// The plans that runs follow: those of the present configuration, and of earlier ones whose runs have not ended.
package final class PlanCache: Sendable {
    /// The plans of the present configuration.
    let current: PlanSet
    /// The fingerprint of its text.
    let currentOrigin: Fingerprint
    private let compile: Compile
    private let earlier = SleepingLock<[Fingerprint: PlanSet?]>([:])

    /// Makes the plans of an earlier text.
    ///
    /// Nil where that cannot be done any more, an error where its text cannot be read at present.
    package typealias Compile = @Sendable (Fingerprint) throws(StoreError) -> PlanSet?

    /// Makes a shelf.
    ///
    /// - Parameters:
    ///   - current: The plans of the present configuration.
    ///   - origin: The fingerprint of its text.
    ///   - compile: Makes the plans of an earlier text.
    package init(
        current: PlanSet,
        origin: Fingerprint,
        compile: @escaping Compile = { _ in nil }
    ) {
        self.current = current
        currentOrigin = origin
        self.compile = compile
    }

    /// The plans of a configuration text; nil where they are not available any more.
    ///
    /// Not on a loop thread: an earlier text is read from the store and compiled at its first use.
    /// - Throws: Why the text cannot be read at present.
    package func plans(of origin: Fingerprint) throws(StoreError) -> PlanSet? {
        if origin == currentOrigin { return current }
        return try earlier.withLock { (earlier) throws(StoreError) -> PlanSet? in
            if let known = earlier[origin] { return known }
            let compiled = try compile(origin)
            earlier[origin] = compiled
            return compiled
        }
    }
}
