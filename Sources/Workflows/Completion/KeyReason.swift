internal import Documents
internal import Expressions
internal import JSONWire

extension Template {
    /// How its expressions name what they read, for messages: `${response.id}`; nil where it reads nothing.
    var writtenReferences: String? {
        references.isEmpty ? nil : references.map { "${\($0.text)}" }.joined(separator: ", ")
    }

    /// What was found where its references lead nowhere, a clause each: "`response` is a text and has no member `id`".
    ///
    /// Nil where all of them lead to something.
    func missingParts<S: Scope>(in scope: S) -> String? {
        let clauses = references.compactMap { $0.missingPart(in: scope) }
        return clauses.isEmpty ? nil : clauses.prefix(4).joined(separator: "; ")
    }
}

extension Reference {
    /// Where the path breaks off, as a clause; nil where it leads to something.
    fileprivate func missingPart<S: Scope>(in scope: S) -> String? {
        var reached = self
        reached.steps = []
        var value: JSONValue
        do throws(EvaluationError) {
            value = try scope.resolve(reached)
        } catch {
            return nil
        }
        for step in steps {
            let next = value.select([step])
            if next.isNull { return "`\(reached.text)` \(Self.what(value, lacks: step))" }
            reached.steps.append(step)
            value = next
        }
        return value.isNull ? "`\(text)` is null" : nil
    }

    private static func what(_ value: JSONValue, lacks step: PathStep) -> String {
        let name =
            switch step {
            case .member(let name): "no member `\(name.text.clipped)`"
            default: "no `\(step.text)`"
            }
        switch value {
        case .null: return "is null"
        case .string: return "is a text and has \(name)"
        case .bool: return "is a boolean and has \(name)"
        case .integer, .number: return "is a number and has \(name)"
        case .array(let elements): return "is a list of \(elements.count) and has \(name)"
        case .object(let object):
            if case .member(let name) = step, object[name.text] != nil {
                return "has a member `\(name.text.clipped)` that is null"
            }
            return "has \(name); it has \(names(of: object))"
        }
    }

    /// The names of an object's members, the first few.
    private static func names(of object: JSONObject) -> String {
        let names = object.members.prefix(8).map { "`\($0.name.clipped)`" }
        guard !names.isEmpty else { return "none" }
        let more = object.members.count - names.count
        return names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}
