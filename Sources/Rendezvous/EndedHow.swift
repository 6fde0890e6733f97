/// How a wait came to its end.
package enum EndedHow: UInt8, Hashable, Sendable, CaseIterable {
    case answered, cancelled, timedOut
}
