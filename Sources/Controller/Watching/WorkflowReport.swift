internal import JSONWire
internal import Workflows

/// What the controller tells of a workflow.
enum WorkflowReport {
    /// A workflow in a list, with what it takes and gives where that is asked for.
    static func of(_ plan: WorkflowPlan, isDefault: Bool, withSchema: Bool) -> JSONValue {
        var object: JSONObject = ["workflow_id": .string(plan.id)]
        if let title = plan.title { object["title"] = .string(title) }
        if withSchema, let text = plan.description { object["description"] = .string(text) }
        if isDefault { object["default"] = .bool(true) }
        guard withSchema else { return .object(object) }
        object["input"] = .array(plan.inputFields.map(field))
        object["output"] = .array(plan.outputFields.map(field))
        return .object(object)
    }

    private static func field(_ field: InputField) -> JSONValue {
        let type = FieldType(field.type, defaultValue: field.defaultValue)
        var object: JSONObject = [
            "name": .string(field.name), "type": .string(type.name), "is_list": .bool(type.isList),
        ]
        if let format = type.format { object["format"] = .string(format) }
        if !type.options.isEmpty { object["options"] = .array(type.options.map(JSONValue.string)) }
        if let value = field.defaultValue { object["default"] = value }
        if let text = field.description { object["description"] = .string(text) }
        return .object(object)
    }
}

/// What stands after `as`, taken apart: `string[]`, `select/small,large`, `image;base64`.
struct FieldType {
    /// The type's name; `any` where nothing is known.
    let name: String
    /// Whether it is a list of that.
    let isList: Bool
    /// How the value is written, `base64` for example.
    let format: String?
    /// The values to choose from, of a `select`.
    let options: [String]

    /// Takes a type apart; without one, the default tells it.
    init(_ written: String?, defaultValue: JSONValue?) {
        guard let written else {
            name = Self.name(of: defaultValue)
            isList = false
            format = nil
            options = []
            return
        }
        let halves = written.split(separator: "/", maxSplits: 1)
        let words = (halves.first ?? "").split(separator: ";", maxSplits: 1)
        let word = words.first ?? ""
        isList = word.hasSuffix("[]")
        name = String(isList ? word.dropLast(2) : word)
        format = words.count > 1 ? String(words[1]) : nil
        options =
            name == "select" && halves.count > 1
            ? halves[1].split(separator: ",").map(String.init) : []
    }

    private static func name(of value: JSONValue?) -> String {
        switch value {
        case .string?: "string"
        case .integer?: "integer"
        case .number?: "number"
        case .bool?: "boolean"
        case .array?: "list"
        case .object?: "object"
        case nil, .null?: "any"
        }
    }
}
