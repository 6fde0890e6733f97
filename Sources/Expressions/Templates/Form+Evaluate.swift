internal import Documents
internal import JSONWire

extension Form {
    /// The value.
    func value(_ locals: Locals?, _ resolve: Resolve) throws(EvaluationError) -> JSONValue {
        switch self {
        case .constant(let value): value
        case .expression(let piece): try piece.value(locals, resolve)
        case .text(let pieces): try Self.text(pieces, locals, resolve)
        case .list(let elements): try Self.list(elements, locals, resolve)
        case .map(let members): try Self.map(members, locals, resolve)
        case .choice(let branches): try Self.choose(branches, locals, resolve)
        case .joined(let parts, let position):
            try Self.join(try parts.value(locals, resolve), at: position)
        case .each(let each): try each.value(locals, resolve)
        }
    }

    private static func text(
        _ pieces: [Piece],
        _ locals: Locals?,
        _ resolve: Resolve
    ) throws(EvaluationError) -> JSONValue {
        var bytes: [UInt8] = []
        for piece in pieces {
            TextForm.append(try piece.value(locals, resolve), to: &bytes)
        }
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    private static func list(
        _ elements: [Element],
        _ locals: Locals?,
        _ resolve: Resolve
    ) throws(EvaluationError) -> JSONValue {
        var list: [JSONValue] = []
        list.reserveCapacity(elements.count)
        for element in elements {
            switch element {
            case .one(let form): list.append(try form.value(locals, resolve))
            case .spread(let form, let position):
                switch try form.value(locals, resolve) {
                case .null: break
                case .array(let spread): list += spread
                case let other:
                    throw EvaluationError(
                        "`...` in a list takes a list, not \(other.kindWithArticle)",
                        at: position
                    )
                }
            }
        }
        return .array(list)
    }

    private static func map(
        _ members: [Member],
        _ locals: Locals?,
        _ resolve: Resolve
    ) throws(EvaluationError) -> JSONValue {
        var map = JSONObject()
        for member in members {
            switch member {
            case .named(let name, let form): map[name] = try form.value(locals, resolve)
            case .merged(let form, let name, let position):
                switch try form.value(locals, resolve) {
                case .null: break
                case .object(let other):
                    for member in other.members { map[member.name] = member.value }
                case let other:
                    throw EvaluationError(
                        "`\(name)` in a map with other keys takes a map, not"
                            + " \(other.kindWithArticle)",
                        at: position
                    )
                }
            }
        }
        return .object(map)
    }

    private static func choose(
        _ branches: [Branch],
        _ locals: Locals?,
        _ resolve: Resolve
    ) throws(EvaluationError) -> JSONValue {
        for branch in branches {
            let holds = try branch.condition.holds(locals, resolve)
            if let chosen = holds ? branch.ifTrue : branch.ifFalse {
                return try chosen.value(locals, resolve)
            }
        }
        return .null
    }

    /// Joins texts, lists or maps; nulls are skipped.
    private static func join(
        _ value: JSONValue,
        at position: SourcePosition
    ) throws(EvaluationError) -> JSONValue {
        guard case .array(let parts) = value else {
            if value.isNull { return .null }
            throw EvaluationError(
                "`+` takes a list of what it joins, not \(value.kindWithArticle)",
                at: position
            )
        }
        var joined: JSONValue = .null
        for part in parts where !part.isNull {
            switch (joined, part) {
            case (.null, .string), (.null, .array), (.null, .object): joined = part
            case (.string(let left), .string(let right)): joined = .string(left + right)
            case (.array(let left), .array(let right)): joined = .array(left + right)
            case (.object(var left), .object(let right)):
                for member in right.members { left[member.name] = member.value }
                joined = .object(left)
            case (.null, _):
                throw EvaluationError(
                    "`+` joins texts, lists or maps, not \(part.kindWithArticle)",
                    at: position
                )
            default:
                throw EvaluationError(
                    "`+` cannot join \(joined.kindWithArticle) and \(part.kindWithArticle)",
                    at: position
                )
            }
        }
        return joined
    }
}

extension Form.Piece {
    /// The value, with the expression's text in every error.
    func value(_ locals: Locals?, _ resolve: Resolve) throws(EvaluationError) -> JSONValue {
        do throws(EvaluationError) {
            return try expression.value(locals, resolve)
        } catch {
            var error = error
            if error.expression.isEmpty { error.expression = source }
            throw error
        }
    }
}

extension Form.Each {
    /// The list that the operator yields; null for null.
    func value(_ locals: Locals?, _ resolve: Resolve) throws(EvaluationError) -> JSONValue {
        let elements: [JSONValue]
        switch try source.value(locals, resolve) {
        case .null: return .null
        case .array(let found): elements = found
        case let other:
            throw EvaluationError(
                "`*` takes a list, not \(other.kindWithArticle)",
                at: position
            )
        }
        var mapped: [JSONValue] = []
        mapped.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            let inner = Locals(item: element, index: index)
            if let filter, try !filter.holds(inner, resolve) { continue }
            mapped.append(try body?.value(inner, resolve) ?? element)
        }
        return .array(mapped)
    }
}
