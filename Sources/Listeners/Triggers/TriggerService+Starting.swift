internal import Expressions
internal import HTTPEngine
internal import JSONWire
internal import Journal
internal import Primitives
internal import Runs
internal import Workflows

/// From a request's body to runs.
extension TriggerService {
    /// One item: the run it asks for, and what makes it the same item.
    private struct Item {
        let order: RunEngine.Order
        let claim: Fingerprint?
    }

    /// One task of the answer, before anything is started.
    private enum Plan {
        /// The run of this order.
        case start(order: Int)
        /// The run of an earlier item's order.
        case same(order: Int)
        /// A run of another request, or one that another request is starting.
        case other(TriggerStart.Task)
    }

    /// Starts what a request's body asks for; the ledger has it noted before the start can be committed.
    func start(
        _ root: ListenerScope.Tree,
        _ call: Call,
        _ origin: ClaimOrigin,
        _ note: RequestNote?,
        hasLines: Bool = false
    ) throws(Problem) -> TriggerStart {
        // Lines are the items, wherever another body has them.
        let item =
            hasLines ? root : try scope(root, item: root, call).item(named: call.endpoint.item)
        guard call.endpoint.isBulk else {
            let scope = scope(root, item: item, call)
            let one = Item(
                order: try order(scope, call),
                claim: try origin.claim(in: scope)
            )
            return try begin([one], call, origin, note)
        }
        var items: [Item] = []
        for item in try item.items(max: call.endpoint.itemsMax) {
            let scope = scope(root, item: item, call)
            let claim = try origin.claim(ofItem: item, in: scope)
            items.append(Item(order: try order(scope, call), claim: claim))
        }
        return try begin(items, call, origin, note)
    }

    private func order(
        _ scope: ListenerScope,
        _ call: Call
    ) throws(Problem) -> RunEngine.Order {
        let workflow: JSONValue
        let input: JSONValue
        do throws(EvaluationError) {
            workflow = try call.endpoint.workflow.evaluate(scope)
            input = try call.endpoint.input?.evaluate(scope) ?? scope.item.select([])
        } catch {
            throw Problem(failed: error)
        }
        guard case .string(let id) = workflow else {
            throw Problem(
                status: 422,
                code: .workflowUnknown,
                detail: "The workflow's id must be a string, not \(BodyMap.word(workflow))."
            )
        }
        return RunEngine.Order(workflow: id, input: input)
    }

    /// Starts the runs of all items that did not come before, or none.
    private func begin(
        _ items: [Item],
        _ call: Call,
        _ origin: ClaimOrigin,
        _ note: RequestNote?
    ) throws(Problem) -> TriggerStart {
        var taken = ClaimSet(claims, window: call.endpoint.deduplicateFor)
        if let key = origin.whole {
            switch taken.take(key, payload: origin.payload, run: nil) {
            case .first: break
            case .repeated(let answer): return .repeated(answer)
            case .underWay(let flight): return .underWay(flight)
            case .reused: throw ClaimProblem.reused
            }
        }
        var orders: [RunEngine.Order] = []
        let plans = items.map { item -> Plan in
            let plan = plan(item, order: orders.count, &taken)
            if case .start = plan { orders.append(item.order) }
            return plan
        }
        let waitsForOthers = plans.contains {
            if case .other(.underWay) = $0 { true } else { false }
        }
        // Its answer is not known yet; the same request again finds all its items taken.
        if waitsForOthers || orders.isEmpty { taken.releaseWhole() }
        guard !orders.isEmpty else { return .tasks(Self.tasks(plans, []), number: 0) }
        let started = try begin(orders, plans, &taken, call, note)
        return .tasks(Self.tasks(plans, started.ids), number: started.number)
    }

    /// Starts the runs, and ties their claims to what becomes of them.
    private func begin(
        _ orders: [RunEngine.Order],
        _ plans: [Plan],
        _ taken: inout ClaimSet,
        _ call: Call,
        _ note: RequestNote?
    ) throws(Problem) -> RunEngine.Started {
        let set = taken
        var kept: [Claim] = []
        do throws(StartRefusal) {
            let started = try engine.start(orders, requestID: call.requestID) { ids in
                kept = set.claims { run in
                    if call.endpoint.isBulk, let run { return ClaimAnswer.bytes(of: ids[run]) }
                    let tasks = Self.tasks(plans, ids)
                    return Self.told(tasks, isBulk: call.endpoint.isBulk).jsonBytes
                }
                return kept
            } note: { ids in
                note?.write(fate(.success(.tasks(Self.tasks(plans, ids), number: 0))))
            }
            if !kept.isEmpty {
                let commit = engine.commit
                commit.whenSettled(started.number) { [kept] isCommitted in
                    set.settle(kept, lost: isCommitted ? nil : commit.notStored(started.number))
                }
            }
            return started
        } catch {
            set.release(.refused)
            throw Self.problem(error)
        }
    }

    private func plan(_ item: Item, order: Int, _ taken: inout ClaimSet) -> Plan {
        guard let claim = item.claim else { return .start(order: order) }
        switch taken.take(claim, payload: ClaimOrigin.anyPayload, run: order) {
        // One that no run is known of any more is as good as none.
        case .first, .reused: return .start(order: order)
        case .repeated(let answer):
            guard let run = ClaimAnswer(answer).run else { return .start(order: order) }
            return .other(.repeated(run))
        case .underWay(let flight):
            return taken.run(of: flight).map { .same(order: $0) } ?? .other(.underWay(flight))
        }
    }

    private static func tasks(_ plans: [Plan], _ ids: [UUIDv7]) -> [TriggerStart.Task] {
        plans.map { plan in
            switch plan {
            case .start(let order): .started(ids[order])
            case .same(let order): .repeated(ids[order])
            case .other(let task): task
            }
        }
    }

    /// A refused start as a sender is told: an unknown workflow is the request's fault.
    private static func problem(_ refusal: StartRefusal) -> Problem {
        switch refusal {
        case .workflowUnknown, .noDefaultWorkflow:
            Problem(status: 422, code: refusal.code, detail: refusal.message.sentence)
        case .tooManyRuns, .journalUnavailable, .tooLarge: refusal.problem
        }
    }

    private func scope(
        _ root: ListenerScope.Tree,
        item: ListenerScope.Tree,
        _ call: Call
    ) -> ListenerScope {
        ListenerScope(body: root, item: item, facts: call.facts, gateways: gateways.values)
    }
}
