/// The steps of runs.
extension SchemaTable {
    /// Workflows.
    static let workflows: [SchemaMap] = [
        SchemaMap(
            "workflow",
            [
                .init("default", .flag, "Whether it is meant where none is named."),
                .init("private", .flag, "Whether listings leave it out."),
                .init("timeout", .duration, "How long a run may take."),
                .init("job", .named("job"), "Its only step."),
                .init(
                    "jobs",
                    .either([.list(.named("job")), .map(.named("job"))]),
                    "Its steps: a list, or a map by id."
                ),
                .init(
                    "component",
                    .either([.text, .named("component")]),
                    "The component of its only step."
                ),
                .init("action", .any, "The action of its only step."),
                .init("input", .any, "The input of its only step."),
                .init("output", .any, "What the run yields; the last step's output by default."),
            ],
            includes: ["names"]
        )
    ]

    /// Steps, and what stands inside them.
    static let steps: [SchemaMap] = [
        SchemaMap(
            "job",
            [
                .init(
                    "type",
                    .words([
                        "component", "wait", "delay", "if", "switch", "random-router", "filter",
                        "for-each", "loop", "pipeline", "accumulate", "fan-out",
                    ]),
                    "What the step does; component by default."
                ),
                .init(
                    "component",
                    .either([.text, .named("component")]),
                    "The component, or its id."
                ),
                .init("action", .any, "Which of its actions."),
                .init("repeat_count", .any, "How often it is called."),
                .init("input", .any, "What it gets."),
                .init("output", .any, "What later steps see of it."),
                .init("timeout", .duration, "How long at most, over all tries."),
                .init("max_run_count", .whole(1), "How often routes may lead here."),
                .init(
                    "retry",
                    .either([.whole(1), .named("retry")]),
                    "How often, and when, it is tried again."
                ),
                .init(
                    "on_error",
                    .either([.words(["ignore"]), .named("on_error"), .list(.named("job"))]),
                    "What happens when it fails."
                ),
                .init("interrupt", .named("interrupt"), "Where it stops for a person's answer."),
                .init(
                    "depends_on",
                    .some(.some(.text)),
                    "The steps before it; a list in the list: any of them."
                ),
                .init("wait_for", .any, "The key to wait for (wait)."),
                .init("key", .any, "The same."),
                .init("channel", .text, "The channel to wait on (wait)."),
                .init("endpoint", .text, "The endpoint to wait at (wait)."),
                .init(
                    "mode",
                    .words(["time-interval", "specific-time", "uniform", "weighted"]),
                    "What is waited for (delay), how is chosen (random-router)."
                ),
                .init("time", .any, "Until when (delay)."),
                .init("timezone", .any, "The zone of that time (delay)."),
                .init("time_zone", .any, "The same."),
                .init("duration", .any, "How long (delay)."),
                .init("conditions", .list(.named("branch")), "The conditions (if)."),
                .init("if_true", .text, "The step where it holds (if)."),
                .init("if_false", .text, "The step where it does not (if)."),
                .init("operator", .text, "How input and value are compared (if)."),
                .init("value", .any, "What the input is compared with (if)."),
                .init("all", .list(.any), "Conditions that all hold (if)."),
                .init("any", .list(.any), "Conditions of which one holds (if)."),
                .init("not", .any, "A condition that does not hold (if)."),
                .init("otherwise", .text, "The step where nothing holds."),
                .init("cases", .list(.named("case")), "The values and their steps (switch)."),
                .init("routings", .list(.named("routing")), "The ways (random-router)."),
                .init("where", .any, "The condition on ${item} (filter)."),
                .init("batch_size", .whole(1), "How many items at once (for-each)."),
                .init(
                    "failures",
                    .words(["first", "collect"]),
                    "Whether the first failure ends it (for-each)."
                ),
                .init(
                    "do",
                    .named("job"),
                    "What is done with each item (for-each, loop, accumulate)."
                ),
                .init("steps", .list(.named("job")), "The jobs, one after another (pipeline)."),
                .init("accumulator", .any, "What the first item begins with (accumulate)."),
                .init("while", .any, "As long as this holds (loop)."),
                .init("until", .any, "Until this holds (loop)."),
                .init("max_iteration_count", .whole(1), "How often at most (loop)."),
            ],
            includes: ["names"],
            noted: [
                "stream_format", "buffer_size", "spool",
            ]
        ),
        SchemaMap(
            "retry",
            [
                .init("max_attempts", .whole(1), "Tries in all."),
                .init("max_attempt_count", .whole(1), "The same."),
                .init("max_retry_count", .whole(0), "Tries after the first."),
                .init("delay", .duration, "The time between two."),
                .init("max_delay", .duration, "The most of it."),
                .init("backoff", .words(["fixed", "exponential"]), "How it grows."),
                .init("on", .some(.text), "The error codes and HTTP statuses; all by default."),
                .init("when", .any, "The condition for another try."),
            ]
        ),
        SchemaMap(
            "on_error",
            [
                .init("output", .any, "What stands for the output."),
                .init("to", .text, "The step to go on with."),
            ]
        ),
        SchemaMap(
            "interrupt",
            [
                .init("before", .either([.flag, .named("question")]), "Stop before the step."),
                .init("after", .either([.flag, .named("question")]), "Stop after it."),
            ]
        ),
        SchemaMap(
            "question",
            [
                .init("condition", .any, "Only where this holds."),
                .init("message", .any, "The question."),
                .init("metadata", .any, "What stands beside it."),
            ]
        ),
        SchemaMap(
            "branch",
            [
                .init("input", .any, "What is compared."),
                .init("operator", .text, "How."),
                .init("value", .any, "With what."),
                .init("all", .list(.any), "Conditions that all hold."),
                .init("any", .list(.any), "Conditions of which one holds."),
                .init("not", .any, "A condition that does not hold."),
                .init("if_true", .text, "The step where it holds."),
                .init("if_false", .text, "The step where it does not."),
            ]
        ),
        SchemaMap(
            "case",
            [
                .init("value", .any, "The value."),
                .init("then", .text, "The step."),
            ]
        ),
        SchemaMap(
            "routing",
            [
                .init("to", .text, "The step."),
                .init("target", .text, "The same."),
                .init("weight", .number, "How often, beside the others."),
            ]
        ),
    ]
}
