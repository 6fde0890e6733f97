internal import Documents
internal import JSONWire

/// A compiled expression.
///
/// Chains of equal precedence are flat, so that its depth is bounded by ``Parser/depthMax`` and not by its length.
indirect enum Expression: Sendable {
    /// A value known at load.
    case constant(JSONValue)
    /// A value of the scope.
    case reference(Reference)
    /// `item` or `index` of the innermost `*` operator round it.
    case local(Reference)
    /// The value with its sign turned.
    case negation(Expression, at: SourcePosition)
    /// The boolean turned round.
    case inversion(Expression, at: SourcePosition)
    /// Operators of one precedence, from left to right.
    case arithmetic(Expression, [Operation])
    /// One comparison; comparisons do not chain.
    case relation(Expression, Relation, Expression, at: SourcePosition)
    /// `and`: stops at the first that is false.
    case conjunction([Expression], at: SourcePosition)
    /// `or`: stops at the first that is true.
    case disjunction([Expression], at: SourcePosition)
    /// `|`: the first that is not null.
    case alternatives([Expression])
    /// `as TYPE`.
    case cast(Expression, Cast, name: String, at: SourcePosition)
    /// Pieces of text, joined.
    case text([Expression])
    /// A path into the value: behind parentheses, a call, or a source whose path is computed in part.
    case path(Expression, [PathPiece])
    /// `name(…)`.
    case call(FunctionCall)

    /// One operator with its right operand.
    struct Operation: Sendable {
        /// What is computed.
        var `operator`: ArithmeticOperator
        /// The right operand.
        var operand: Expression
        /// Where the operator stands.
        var position: SourcePosition
    }
}

/// One step of a path: written out, or computed when the expression is evaluated.
enum PathPiece: Sendable {
    /// A step that is known at load.
    case fixed(PathStep)
    /// `[expression]`: an integer is an index, text the name of a member.
    case computed(Expression, at: SourcePosition)

    /// The step, where it is known at load.
    var fixed: PathStep? {
        if case .fixed(let step) = self { step } else { nil }
    }
}

/// The operators on two numbers.
enum ArithmeticOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
}

/// The operators that compare two values.
enum Relation: String, Sendable, CaseIterable {
    // Longer spellings first: the parser takes the first that fits.
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case less = "<"
    case greaterOrEqual = ">="
    case greater = ">"
    case contained = "in"
}

extension Expression {
    /// The value, if it is known at load.
    var constant: JSONValue? {
        if case .constant(let value) = self { value } else { nil }
    }

    /// Calls a closure for every part that is read when the expression is evaluated, from left to right.
    func forEachLeaf(_ body: (Expression) -> Void) {
        switch self {
        case .constant, .reference, .local: body(self)
        case .negation(let inner, _), .inversion(let inner, _), .cast(let inner, _, _, _):
            inner.forEachLeaf(body)
        case .arithmetic(let first, let operations):
            first.forEachLeaf(body)
            for operation in operations { operation.operand.forEachLeaf(body) }
        case .relation(let left, _, let right, _):
            left.forEachLeaf(body)
            right.forEachLeaf(body)
        case .conjunction(let parts, _), .disjunction(let parts, _), .alternatives(let parts),
            .text(let parts):
            for part in parts { part.forEachLeaf(body) }
        case .path(let base, let pieces):
            base.forEachLeaf(body)
            for case .computed(let inner, _) in pieces { inner.forEachLeaf(body) }
        case .call(let call):
            for argument in call.arguments { argument.forEachLeaf(body) }
        }
    }

    /// A source with the rest of its path, from the first step on that is computed.
    func continued(_ pieces: [PathPiece]) -> Expression {
        pieces.isEmpty ? self : .path(self, pieces)
    }

    /// The value with a path into it; done at once where everything is known, part of the reference where it continues one.
    func following(_ pieces: [PathPiece]) -> Expression {
        if pieces.isEmpty { return self }
        let steps = pieces.compactMap(\.fixed)
        guard steps.count == pieces.count else { return .path(self, pieces) }
        switch self {
        case .constant(let value): return .constant(value.select(steps))
        case .reference(var reference) where !reference.steps.contains(.all):
            reference.steps += steps
            return .reference(reference)
        case .local(var reference) where !reference.steps.contains(.all):
            reference.steps += steps
            return .local(reference)
        default: return .path(self, pieces)
        }
    }

    /// Whether nothing in it needs a scope.
    var isClosed: Bool {
        var isClosed = true
        forEachLeaf { if $0.constant == nil { isClosed = false } }
        return isClosed
    }
}
