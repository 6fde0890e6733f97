internal import JSONWire

/// A pause that stands in line for its component's bound; it begins when it has its place.
package final class DelayCall: ComponentCall {
    /// The component it comes from.
    package let component: String
    /// How long it is.
    package let pause: Pause

    init(
        component: String,
        pause: Pause
    ) {
        self.component = component
        self.pause = pause
    }

    /// Nobody else stands in line in a test: the pause begins at once.
    package var rehearsal: CallRehearsal { .known(.success(.null, status: 0), after: pause) }
}
