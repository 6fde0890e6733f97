internal import TestKit

/// One sender: it starts orders and pays them, early or late, once or twice, alone or together with others.
final class Sender {
    private let records: SenderRecords
    private let triggers: SenderLine
    private let callbacks: SenderLine
    private let controller: SenderLine
    private let isStopping: @Sendable () -> Bool
    /// Orders that are paid together with later ones.
    private var unpaid: [Int] = []

    init(_ plan: CrashPlan, _ records: SenderRecords, isStopping: @escaping @Sendable () -> Bool) {
        self.records = records
        self.isStopping = isStopping
        triggers = SenderLine(port: plan.triggerPort, records: records)
        callbacks = SenderLine(port: plan.callbackPort, records: records)
        controller = SenderLine(port: plan.controllerPort, records: records)
    }

    /// Sends orders until it is told to stop; then all of its orders are started and paid.
    func work() {
        while !isStopping() { order(records.begin()) }
        payTogether()
    }

    private func order(_ number: Int) {
        let way = Int.random(in: 0..<12)
        if way < 3 { pay(number) }
        start(number)
        if way % 4 == 0 { start(number) }
        if way == 11 {
            unpaid.append(number)
            if unpaid.count >= 5 { payTogether() }
            return
        }
        if way >= 3 || way == 0 { pay(number) }
        if way == 5 { pay(number) }
    }

    /// Starts an order, always in the same way and with the same key.
    private func start(_ number: Int) {
        let key = ("Idempotency-Key", "\"order-\(number)\"")
        let input = #"{"n":\#(number)}"#
        let reply =
            switch number % 4 {
            case 0:
                controller.post(
                    "/workflows/runs",
                    #"{"workflow_id":"order","input":\#(input),"wait_for_completion":false}"#,
                    headers: [key]
                )
            case 1: triggers.post("/start", input, headers: [key, ("Prefer", "wait=1")])
            default: triggers.post("/start", input, headers: [key])
            }
        guard let reply else { return }
        guard let task = SenderLine.text(reply, "task_id") else {
            return records.complain("a start without a task_id: \(reply.text)")
        }
        records.change(number) { $0.tasks.insert(task) }
    }

    private func pay(_ number: Int) {
        guard callbacks.post("/done", Self.payment(number)) != nil else { return }
        records.change(number) { $0.isPaid = true }
    }

    private func payTogether() {
        guard !unpaid.isEmpty else { return }
        let list = unpaid.map(Self.payment).joined(separator: ",")
        let reply = callbacks.post("/batch", #"{"results":[\#(list)]}"#)
        if let reply, reply.text.contains(#""rejected":[]"#) {
            for number in unpaid { records.change(number) { $0.isPaid = true } }
        } else if let reply {
            records.complain("a bulk was not taken whole: \(reply.text)")
        }
        unpaid = []
    }

    private static func payment(_ number: Int) -> String {
        #"{"id":"key-\#(number)","v":"paid-\#(number)"}"#
    }
}
