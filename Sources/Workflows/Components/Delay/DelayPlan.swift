internal import Documents
internal import Expressions

/// A pause: a length, or a moment.
struct DelayPlan: Sendable {
    /// How its end is told.
    enum Kind: Sendable {
        /// A duration (`5m`, or a number of seconds); nil where the input tells it.
        case interval(Template?)
        /// A moment as people write it, and the time zone of one that names none; nil for UTC.
        case until(Template, zone: Template?)
    }

    let kind: Kind
    /// Where time zones come from.
    let zones: ZoneSource
    /// Where it is written; nil for the built-in component.
    let position: SourcePosition?
}
