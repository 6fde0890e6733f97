/// One signature of a message, as the header fields `Signature-Input` and `Signature` say it (RFC 9421, section 4).
struct MessageSignature {
    /// What it is called.
    let label: String
    /// What it covers, in order.
    let components: [MessageComponent]
    /// Its parameters.
    let parameters: [StructuredField.Parameter]
    /// The value of `@signature-params`: components and parameters as they came.
    let parametersText: String
    /// The signature itself.
    let bytes: [UInt8]

    static let inputName = HeaderName("signature-input")
    static let signatureName = HeaderName("signature")

    /// Reads all signatures of a request; those whose components are not understood are left out.
    ///
    /// - Throws: ``VerificationRefusal`` where a field is missing or malformed.
    static func all(in request: SenderRequest) throws(VerificationRefusal) -> [MessageSignature] {
        let inputs = try entries(inputName, request)
        let signatures = try entries(signatureName, request)
        guard inputs.count <= CandidateReader.candidatesMax else {
            throw VerificationRefusal(
                .tooManySignatures,
                "The request has more than \(CandidateReader.candidatesMax) signatures."
            )
        }
        return inputs.compactMap { input in
            guard case .list(let items, let parameters) = input.member,
                case .item(let item)? = signatures.first(where: { $0.key == input.key })?.member,
                case .bytes(let bytes) = item.value
            else { return nil }
            let components = items.compactMap(MessageComponent.init)
            guard components.count == items.count, Set(components).count == components.count else {
                return nil
            }
            return MessageSignature(
                label: input.key,
                components: components,
                parameters: parameters,
                parametersText: input.text,
                bytes: bytes
            )
        }
    }

    private static func entries(
        _ name: HeaderName,
        _ request: SenderRequest
    ) throws(VerificationRefusal) -> [StructuredField.Entry] {
        let values = request.values(of: name).map { String(decoding: $0, as: UTF8.self) }
        guard !values.isEmpty else { throw .headerMissing(name) }
        guard let entries = StructuredField.dictionary(values.joined(separator: ", ")) else {
            throw .malformed("header \(name.text)", "a dictionary (RFC 9651)")
        }
        return entries
    }

    /// The value of a parameter.
    subscript(name: String) -> StructuredField.Bare? {
        parameters.first { $0.name == name }?.value
    }

    /// The base of the signature (section 2.5).
    ///
    /// - Throws: ``VerificationRefusal`` where the request does not have a component.
    func base(_ request: SenderRequest, url: String?) throws(VerificationRefusal) -> [UInt8] {
        try Self.base(components, parametersText, request, url: url)
    }

    /// The base of a signature of some components.
    static func base(
        _ components: [MessageComponent],
        _ parameters: String,
        _ request: SenderRequest,
        url: String?
    ) throws(VerificationRefusal) -> [UInt8] {
        var text = ""
        for component in components {
            guard let value = component.value(in: request, url: url), !value.contains("\n") else {
                throw VerificationRefusal(
                    .notCovered,
                    "The signature covers a part that the request does not have."
                )
            }
            text += "\(component.identifier): \(value)\n"
        }
        return Array((text + "\"@signature-params\": \(parameters)").utf8)
    }
}
