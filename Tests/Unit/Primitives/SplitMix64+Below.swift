import Primitives

extension SplitMix64 {
    /// A number from 0 to below `bound`.
    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }
}
