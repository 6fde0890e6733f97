internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// Stops a step for a person's answer where its plan says so; true where it has stopped, or failed at asking.
    mutating func asks(
        _ question: InterruptPlan?,
        _ place: Int,
        output: JSONValue?,
        _ stage: StepInstance.Stage,
        _ turn: inout Transition
    ) -> Bool {
        guard let question else { return false }
        do throws(EvaluationError) {
            guard try question.condition?.holds(scope(place, turn, output: output)) ?? true else {
                return false
            }
        } catch {
            // A question that cannot be decided is no leave to go on: not even another try.
            cannotAsk(place, error, &turn)
            return true
        }
        steps[place].stage = stage
        note(.interrupted(id: interruptID(place)), place, &turn)
        return true
    }

    /// A person has answered.
    mutating func answered(_ id: String, _ answer: JSONValue?, _ turn: inout Transition) {
        guard let place = steps.indices.first(where: { isAsking($0) && interruptID($0) == id })
        else { return }
        let given = answer.flatMap { $0.isNull ? nil : $0 }
        let isBefore = steps[place].stage == .askedBefore
        steps[place].stage = .idle
        if isBefore {
            if let given {
                setInput(place, given)
                steps[place].isInputGiven = true
            }
            beginTry(place, &turn)
        } else {
            if let given { setOutput(place, given) }
            finishStep(place, &turn)
        }
    }

    /// Whether a step stands still for a person's answer.
    func isAsking(_ place: Int) -> Bool {
        steps[place].stage == .askedBefore || steps[place].stage == .askedAfter
    }

    /// The name of a step's question.
    func interruptID(_ place: Int) -> String {
        name(place) + (steps[place].stage == .askedBefore ? ".before" : ".after")
    }

    /// The question as the API shows it.
    func interruptView(_ place: Int, _ gateways: GatewayValues) -> InterruptView {
        let plan = plan.steps[Int(steps[place].plan)]
        let isBefore = steps[place].stage == .askedBefore
        let question = isBefore ? plan.before : plan.after
        // A view has no event of its own: the question is as old as the step.
        var scope = StepScope(
            run: self,
            instance: place,
            gateways: gateways,
            now: steps[place].startedAt
        )
        if !isBefore { scope.output = steps[place].output }
        return InterruptView(
            id: interruptID(place),
            step: name(place),
            phase: isBefore ? "before" : "after",
            message: TextForm.text(of: value(of: question?.message, scope)),
            metadata: value(of: question?.metadata, scope)
        )
    }

    /// The value of a question's part; what cannot be told is told as the reason.
    private func value(of template: Template?, _ scope: StepScope) -> JSONValue {
        do throws(EvaluationError) {
            return try template?.evaluate(scope) ?? .null
        } catch {
            return .string(error.description)
        }
    }
}
