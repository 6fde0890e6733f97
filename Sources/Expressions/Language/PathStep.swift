package import JSONWire

/// One step of a path into a value: `.name`, `[0]`, `[1:3]`, `[*]`.
package enum PathStep: Sendable, Hashable {
    /// The member of a map.
    case member(JSONName)
    /// The element of a list; negative counts from its end.
    case index(Int)
    /// Elements from the first bound up to the second, without it; negative counts from the end, nil is the end itself.
    case slice(Int?, Int?)
    /// The rest of the path, for every element of a list.
    case all
}
