/// What a descriptor is watched for, or is ready for.
package struct DescriptorEvents: OptionSet, Sendable, Hashable {
    /// The set's bits.
    package let rawValue: Int32

    /// Makes a set from its bits.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Reading would not block.
    package static let readable = DescriptorEvents(rawValue: 1)
    /// Writing would not block.
    package static let writable = DescriptorEvents(rawValue: 2)
}
