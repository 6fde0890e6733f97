/// A pause that stands in line for its component's bound; it begins when it has its place.
package struct DelayCall: Sendable {
    /// The component it comes from.
    package let component: String
    /// How long it is.
    package let pause: Pause
}
