package import Primitives

extension WaiterTable {
    /// How large a table may grow and how long it remembers.
    package struct Configuration: Sendable {
        /// Enough parts for two threads; what a part consists of stays in a processor's caches while there are few.
        package static var shardsLeast: Int { 32 }

        /// How many parts with a lock of their own; rounded up to a power of two, at most 256.
        package var shards: Int
        /// How long the end of a wait is remembered.
        package var rememberFor: Nanoseconds
        /// How many ends are remembered; each shard keeps its share, and its oldest go first.
        package var rememberedCountMax: Int
        /// What each listener may hold; ``ArriveOptions/listener`` picks.
        ///
        /// Never empty.
        package var heldLimits: [HeldLimits]
        /// How many waits may be open.
        package var waitersMax: Int
        /// What the places of keys depend on; secret, so that nobody can choose keys that collide.
        package var seed: (UInt64, UInt64)
        /// The moment from which the table counts its milliseconds; no deadline may lie before it.
        package var start: Instant
        /// The journal number of the last decision before this start; the first one here is the next.
        package var lastNumber: UInt64
        /// Whether every decision is final as soon as it is made, because nothing is written (`store: memory`).
        ///
        /// Then nothing is kept to take one back.
        package var isFinalAtOnce: Bool

        /// Makes a configuration with the defaults of the product and a fresh seed.
        package init(
            shards: Int = Configuration.shardsLeast,
            rememberFor: Nanoseconds = .seconds(3600),
            rememberedCountMax: Int = 4_000_000,
            heldLimits: [HeldLimits] = [HeldLimits()],
            waitersMax: Int = 5_000_000,
            seed: (UInt64, UInt64)? = nil,
            start: Instant = .now(),
            lastNumber: UInt64 = 0,
            isFinalAtOnce: Bool = false
        ) {
            self.shards = shards
            self.rememberFor = rememberFor
            self.rememberedCountMax = rememberedCountMax
            self.heldLimits = heldLimits.isEmpty ? [HeldLimits()] : heldLimits
            self.waitersMax = waitersMax
            var source = SystemRandomNumberGenerator()
            self.seed = seed ?? (source.next(), source.next())
            self.start = start
            self.lastNumber = lastNumber
            self.isFinalAtOnce = isFinalAtOnce
        }
    }

    /// How many callbacks a listener may hold, and how many bytes of them.
    package struct HeldLimits: Hashable, Sendable {
        /// The most callbacks.
        package var countMax: Int
        /// The most bytes of keys, statuses and results.
        package var bytesMax: Int

        /// Makes limits; the defaults are 100,000 callbacks and 256 MiB.
        package init(countMax: Int = 100_000, bytesMax: Int = 256 << 20) {
            self.countMax = countMax
            self.bytesMax = bytesMax
        }
    }
}
