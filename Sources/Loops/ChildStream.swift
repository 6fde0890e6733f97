/// Which of its outputs a program wrote to.
package enum ChildStream: Sendable, Hashable {
    case output, errors
}
