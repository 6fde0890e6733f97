internal import Expressions

/// A condition over a value, or over several conditions.
struct Predicate: Sendable {
}
