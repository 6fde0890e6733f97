/// Hears the body of an answer as it comes, besides its being gathered.
package struct BodyListener: Sendable {
    /// The type of answers that are heard: a `Content-Type` without parameters, in small letters.
    package let mediaType: String
    /// Called on a thread of the client, which it must not block.
    package let onBytes: @Sendable ([UInt8]) -> Void

    /// Makes a listener to 2xx answers of one type.
    package init(mediaType: String, onBytes: @escaping @Sendable ([UInt8]) -> Void) {
        self.mediaType = mediaType
        self.onBytes = onBytes
    }

    /// Whether it wants to hear an answer with such header fields.
    func hears(_ headers: [(name: String, value: String)]) -> Bool {
        let value = headers.last { HeaderRules.isSame($0.name, "content-type") }?.value ?? ""
        let essence = value.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        return essence.lowercased() == mediaType
    }
}
