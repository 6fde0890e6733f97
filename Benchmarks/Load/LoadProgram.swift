import JSONWire
import Platform
import Primitives

/// The program: reads the command line, prepares, measures, checks and reports.
enum LoadProgram {
    /// Runs the program.
    ///
    /// - Returns: The exit code, as the help says.
    static func run(_ words: [String]) -> Int32 {
        do throws(Mistake) {
            let words = try OptionWords(words, known: LoadHelp.options)
            if words.has("--help") {
                Console.writeLine(LoadHelp.text)
                return 0
            }
            let plan = try LoadPlan(words)
            do throws(Mistake) {
                return try carryOut(plan)
            } catch {
                return fail(error, code: 1)
            }
        } catch {
            return fail(error, code: 2)
        }
    }

    private static func carryOut(_ plan: LoadPlan) throws(Mistake) -> Int32 {
        if plan.isShown {
            var template = Assignment(plan).template
            for index in 0..<template.keyCount {
                template.fill(index, number: plan.first + index)
            }
            Console.write(template.bytes, to: .output)
            return 0
        }
        let began = WallTime.now()
        var waiting: WaitingRuns?
        if let start = plan.start {
            let control = try Control(token: plan.token)
            waiting = try WaitingRuns(plan.callbacksMax, of: plan, by: start, control)
        }
        guard plan.scenario != .prepare else {
            Console.writeLine("\(waiting?.count ?? 0) runs wait; --tag \(plan.tag)")
            return 0
        }
        let drive = try Drive(Assignment(plan), to: plan.target)
        try step("ready", plan)
        let outcome = drive.run()
        try step("done", plan)
        let check = try checkRuns(plan, waiting, outcome, since: began)
        let report = LoadReport(plan: plan, outcome: outcome, check: check)
        Console.writeLine(plan.isJSON ? report.json.jsonText : report.text)
        return report.isClean ? 0 : 1
    }

    /// Looks at the runs that were started, by us before or by the requests.
    private static func checkRuns(
        _ plan: LoadPlan,
        _ waiting: WaitingRuns?,
        _ outcome: Drive.Outcome,
        since moment: WallTime
    ) throws(Mistake) -> RunCheck? {
        guard let controller = plan.controller else { return nil }
        guard let waiting else {
            let runs = outcome.tally.runs
            return runs.isEmpty
                ? nil : try RunCheck(runs, keys: nil, of: plan, at: controller, since: moment)
        }
        return try RunCheck(
            waiting.ids,
            keys: (0..<waiting.count).map { plan.first + $0 },
            of: plan,
            at: controller,
            since: moment
        )
    }

    /// Lets whoever drives us look at the server before and after the measurement.
    private static func step(_ word: String, _ plan: LoadPlan) throws(Mistake) {
        guard plan.isStepped else { return }
        Console.writeLine(word)
        if readLine() == nil { throw Mistake("the input ended at `\(word)`") }
    }

    private static func fail(_ mistake: Mistake, code: Int32) -> Int32 {
        Console.writeLine("sluice-load: \(mistake.message)", to: .error)
        return code
    }
}
