package import Expressions
package import HTTPEngine
package import JSONWire
internal import Primitives
package import Workflows

/// What a listener's expressions see of one request, or of one item of a bulk request.
package struct ListenerScope: Scope {
    /// A parsed body, or a part of it.
    package enum Tree {
        /// JSON that is read where it is named; valid inside the scanner's closure only.
        case json(JSONElement)
        /// A value built from another kind of body: a form, a text.
        case value(JSONValue)
    }

    /// The whole body.
    package let body: Tree
    /// The item; the body where there is none.
    let item: Tree
    /// The request's other parts.
    package let facts: RequestFacts
    /// The gateways' public addresses.
    package let gateways: GatewayValues

    /// Puts together what one item's expressions see.
    package init(body: Tree, item: Tree, facts: RequestFacts, gateways: GatewayValues) {
        self.body = body
        self.item = item
        self.facts = facts
        self.gateways = gateways
    }

    package func resolve(_ reference: Reference) throws(EvaluationError) -> JSONValue {
        switch reference.source {
        case .body: body.select(reference.steps)
        case .item: item.select(reference.steps)
        case .gateway: gateways.value(reference)
        default: facts.value(reference)
        }
    }
}

extension ListenerScope {
    /// What `item` means: the part its expression names, or the body where there is none.
    ///
    /// - Throws: 422 when the expression fails.
    package func item(named template: Template?) throws(Problem) -> Tree {
        guard let template else { return body }
        if let reference = template.plainReference, reference.source == .body,
            let part = body.part(reference.steps)
        {
            return part
        }
        do throws(EvaluationError) {
            return .value(try template.evaluate(self))
        } catch {
            throw Problem(failed: error)
        }
    }
}

extension ListenerScope.Tree {
    /// The items of a bulk request.
    ///
    /// - Throws: 422 when this is no list, 413 when it has more than `max` items.
    package func items(max: Int) throws(Problem) -> [ListenerScope.Tree] {
        guard let items = elements else {
            throw Problem(
                status: 422,
                code: .itemsNotAList,
                detail: "This endpoint takes many items at once, and what its `item` names is "
                    + "not a list."
            )
        }
        guard items.count <= max else {
            throw Problem(
                status: 413,
                code: .tooManyItems,
                detail: "The list has \(items.count) items; at most \(max) are taken."
            )
        }
        return items
    }

    /// The value a path leads to; null where anything on it is missing.
    func select(_ steps: [PathStep]) -> JSONValue {
        switch self {
        case .json(let element): element.select(steps[...])
        case .value(let value): value.select(steps)
        }
    }

    /// The part a path of names and indices leads to, without building it; nil where it is missing or not such a path.
    func part(_ steps: [PathStep]) -> ListenerScope.Tree? {
        switch self {
        case .json(let element): element.part(steps).map(Self.json)
        case .value(let value): .value(value.select(steps))
        }
    }

    /// The elements of a list; nil where this is no list.
    var elements: [ListenerScope.Tree]? {
        switch self {
        case .json(let element):
            guard element.kind == .array else { return nil }
            return element.elements.map(Self.json)
        case .value(let value):
            guard case .array(let values) = value else { return nil }
            return values.map(Self.value)
        }
    }

    /// Whether this is JSON's null.
    var isNull: Bool {
        switch self {
        case .json(let element): element.isNull
        case .value(let value): value.isNull
        }
    }
}

extension JSONElement {
    /// The element a path of names and indices from the front leads to; nil where it is missing or has other steps.
    fileprivate func part(_ steps: [PathStep]) -> JSONElement? {
        var element = self
        for step in steps {
            let next: JSONElement?
            switch step {
            case .member(let name): next = element.member(name)
            case .index(let index) where index >= 0: next = element.element(at: index)
            default: next = nil
            }
            guard let next else { return nil }
            element = next
        }
        return element
    }
}
