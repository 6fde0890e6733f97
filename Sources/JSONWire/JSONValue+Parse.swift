extension JSONValue {
    /// Reads a whole JSON text into a value that owns its parts.
    ///
    /// - Parameters:
    ///   - bytes: The text, UTF-8; a BOM is skipped.
    ///   - depthMax: How many containers may lie inside each other.
    /// - Returns: The value.
    /// - Throws: ``JSONError`` where the text is no JSON or exceeds a bound.
    package static func parse(
        _ bytes: Span<UInt8>,
        depthMax: Int = 512
    ) throws(JSONError)
        -> JSONValue
    {
        try unsafe bytes.withUnsafeBufferPointer { text in
            unsafe JSONFrame.withValue(of: text, depthMax: depthMax)
        }.get()
    }

    /// Reads a whole JSON text into a value that owns its parts.
    ///
    /// - Throws: ``JSONError`` where the text is no JSON or exceeds a bound.
    package static func parse(
        _ bytes: [UInt8],
        depthMax: Int = 512
    ) throws(JSONError)
        -> JSONValue
    {
        try parse(bytes.span, depthMax: depthMax)
    }

    /// Reads a whole JSON text into a value that owns its parts.
    ///
    /// - Throws: ``JSONError`` where the text is no JSON or exceeds a bound.
    package static func parse(
        _ text: String,
        depthMax: Int = 512
    ) throws(JSONError)
        -> JSONValue
    {
        try parse([UInt8](text.utf8).span, depthMax: depthMax)
    }
}
