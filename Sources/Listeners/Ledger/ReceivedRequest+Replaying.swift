internal import HTTPEngine
internal import HTTPWire
internal import Journal
internal import Primitives

extension ReceivedRequest {
    /// The body's form, at an endpoint that may have a rule for bodies.
    func form(_ rule: BodyRule?) -> RequestBody {
        let pairs = headerPairs
        func value(_ name: String) -> String? { pairs.first { $0.name == name }?.value }
        return RequestBody(
            contentType: value("content-type"),
            coding: value("content-encoding"),
            isEmpty: body.isEmpty,
            rule: rule
        )
    }

    /// The parts beside the body, as expressions of an endpoint with this path read them; secret ones are hashes.
    ///
    /// `counted` are the header fields that are part of what a callback is.
    func facts(_ pattern: PathPattern, as id: UUIDv7, counted: [String] = []) -> RequestFacts {
        let sent = PathText.path(ofTarget: target)
        let query = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1).dropFirst().first
        let parameters = pattern.values(inSentPath: sent)
        return RequestFacts(
            method: method,
            path: PathText.decoded(sent),
            parameters: parameters,
            query: query.map { FormText.pairs(Array($0).span) } ?? [],
            headers: headerPairs,
            peer: peer,
            requestID: id,
            time: .now(),
            body: body,
            carried: CarriedParts(
                query: query.map(Array.init) ?? [],
                parameters: parameters,
                headers: headerPairs.map { ($0.name, Array($0.value.utf8)) },
                counted: counted
            )
        )
    }
}
