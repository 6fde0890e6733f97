internal import Expressions
internal import JSONWire
internal import Workflows

extension GatewayValues {
    /// The value `${gateway:PORT.field}` names; null where there is no such gateway or field.
    func value(_ reference: Reference) -> JSONValue {
        guard let port = reference.argument, let gateway = self[port] else { return .null }
        let object: JSONObject = [
            "public_url": gateway.publicURL.map(JSONValue.string) ?? .null,
            "public_address": gateway.publicAddress.map(JSONValue.string) ?? .null,
            "port": .integer(Int64(clamping: gateway.port)), "driver": .string(gateway.driver),
        ]
        return JSONValue.object(object).select(reference.steps)
    }
}
