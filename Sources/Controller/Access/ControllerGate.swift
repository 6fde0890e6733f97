internal import HTTPEngine
internal import Primitives

/// Lets requests for one call of the controller's API in, before their bodies are read.
struct ControllerGate: RequestGate {
    let guardian: ControllerGuard
    let call: ControllerCall

    func check(_ request: borrowing Request) throws(Problem) {
        do throws(Problem) {
            try guardian.check(request, for: call)
        } catch {
            var refusal = error
            refusal.headers += guardian.fields(for: request)
            throw refusal
        }
    }
}
