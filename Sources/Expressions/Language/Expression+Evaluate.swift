internal import Documents
internal import JSONWire

/// What gives a reference its value; it does not outlive the evaluation.
typealias Resolve = (Reference) throws(EvaluationError) -> JSONValue

/// What the `*` operator binds for one element.
struct Locals {
    /// The element.
    var item: JSONValue
    /// Its place in the list, from 0.
    var index: Int
}

extension Expression {
    /// The value.
    func value(_ locals: Locals?, _ resolve: Resolve) throws(EvaluationError) -> JSONValue {
        switch self {
        case .constant(let value): return value
        case .reference(let reference): return try resolve(reference)
        case .local(let reference): return Self.local(reference, locals)
        case .negation(let inner, let position):
            return try Arithmetic.negate(try inner.value(locals, resolve), at: position)
        case .inversion(let inner, let position):
            let flag = try Truth.of(try inner.value(locals, resolve), "not", at: position)
            return .bool(!flag)
        case .arithmetic(let first, let operations):
            return try Self.compute(first, operations, locals, resolve)
        case .relation(let left, let relation, let right, let position):
            return try Relations.value(
                try left.value(locals, resolve),
                relation,
                try right.value(locals, resolve),
                at: position
            )
        case .conjunction(let parts, let position):
            for part in parts {
                let value = try part.value(locals, resolve)
                if try !Truth.of(value, "and", at: position) { return .bool(false) }
            }
            return .bool(true)
        case .disjunction(let parts, let position):
            for part in parts {
                let value = try part.value(locals, resolve)
                if try Truth.of(value, "or", at: position) { return .bool(true) }
            }
            return .bool(false)
        case .alternatives(let parts):
            for part in parts {
                let value = try part.value(locals, resolve)
                if !value.isNull { return value }
            }
            return .null
        case .cast(let inner, let cast, let name, let position):
            let value = try inner.value(locals, resolve)
            return try Self.cast(value, cast, name, at: position)
        case .text(let parts):
            return .string(try Self.join(parts, locals, resolve))
        case .path(let base, let pieces):
            return try Self.follow(base, pieces, locals, resolve)
        case .call(let call): return try call.value(locals, resolve)
        }
    }

    /// The text of parts, one after another.
    static func join(
        _ parts: [Expression],
        _ locals: Locals?,
        _ resolve: Resolve
    ) throws(EvaluationError) -> String {
        var bytes: [UInt8] = []
        for part in parts {
            TextForm.append(try part.value(locals, resolve), to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value a path leads to; null where a computed step is null.
    private static func follow(
        _ base: Expression,
        _ pieces: [PathPiece],
        _ locals: Locals?,
        _ resolve: Resolve
    ) throws(EvaluationError) -> JSONValue {
        var steps: [PathStep] = []
        steps.reserveCapacity(pieces.count)
        for piece in pieces {
            switch piece {
            case .fixed(let step): steps.append(step)
            case .computed(let inner, let position):
                guard let step = try step(try inner.value(locals, resolve), at: position) else {
                    return .null
                }
                steps.append(step)
            }
        }
        if case .reference(var reference) = base, !reference.steps.contains(.all) {
            // The scope builds no more than what is named.
            reference.steps += steps
            return try resolve(reference)
        }
        return try base.value(locals, resolve).select(steps)
    }

    /// The step that a value in brackets is; nil for null, and for an integer that no list reaches.
    static func step(
        _ value: JSONValue,
        at position: SourcePosition
    ) throws(EvaluationError) -> PathStep? {
        switch value {
        case .null: return nil
        case .integer(let index): return .index(Int(index))
        case .number(let number) where Decimal(number.text).integer != nil:
            return Decimal(number.text).integer.map { .index(Int($0)) }
        case .string(let name): return .member(JSONName(name))
        default:
            throw EvaluationError(
                "brackets take an integer or a name, not \(value.kindWithArticle)",
                at: position
            )
        }
    }

    private static func local(_ reference: Reference, _ locals: Locals?) -> JSONValue {
        guard let locals else { return .null }
        let whole: JSONValue =
            reference.source == .index ? .integer(Int64(locals.index)) : locals.item
        return whole.select(reference.steps)
    }

    private static func compute(
        _ first: Expression,
        _ operations: [Operation],
        _ locals: Locals?,
        _ resolve: Resolve
    ) throws(EvaluationError) -> JSONValue {
        var value = try first.value(locals, resolve)
        for operation in operations {
            let operand = try operation.operand.value(locals, resolve)
            value = try Arithmetic.value(
                value,
                operation.operator,
                operand,
                at: operation.position
            )
        }
        return value
    }
}
