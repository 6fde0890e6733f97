package import JSONWire

extension JSONValue {
    /// A value that was validated when it came in, or written by this program; null where its text is damaged.
    package static func journaled(_ text: [UInt8]) -> JSONValue {
        do throws(JSONError) {
            return try parse(text)
        } catch {
            return .null
        }
    }
}
