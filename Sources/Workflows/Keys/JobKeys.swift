package import Documents

/// The keys of jobs, and of what stands inside them, as their readers take them.
package enum JobKeys {
    /// A job.
    package static let map: SettingMap = SettingMap(
        "job",
        [
            SettingDetails(
                "type",
                .words([
                    "component", "wait", "delay", "if", "switch", "random-router", "filter",
                    "for-each", "loop", "pipeline", "accumulate", "fan-out",
                ]),
                about: "what the step does; component by default"
            ),
            SettingDetails(
                "component",
                .either([.scalar, .block { ComponentKeys.map }]),
                about: "the component, or its id"
            ),
            SettingDetails("action", .any, about: "which of its actions"),
            SettingDetails("repeat_count", .any, about: "how often it is called"),
            SettingDetails("input", .any, about: "what it gets"),
            SettingDetails("output", .any, about: "what later steps see of it"),
            SettingDetails("timeout", .duration, about: "how long at most, over all tries"),
            SettingDetails(
                "max_run_count",
                .integer(1...Int.max),
                about: "how often routes may lead here"
            ),
            SettingDetails(
                "retry",
                .either([.integer(1...Int.max), .block { retry }]),
                about: "how often, and when, it is tried again"
            ),
            SettingDetails(
                "on_error",
                .either([.words(["ignore"]), .block { onError }, .list(.block { map })]),
                about: "what happens when it fails"
            ),
            SettingDetails(
                "interrupt",
                .block { interrupt },
                about: "where it stops for a person's answer"
            ),
            SettingDetails(
                "depends_on",
                .some(.some(.scalar)),
                about: "the steps before it; a list in the list: any of them"
            ),
            SettingDetails("wait_for", .any, about: "the key to wait for (wait)"),
            SettingDetails("key", .any, about: "the same"),
            SettingDetails("channel", .scalar, about: "the channel to wait on (wait)"),
            SettingDetails("endpoint", .scalar, about: "the endpoint to wait at (wait)"),
            SettingDetails(
                "mode",
                .words(["time-interval", "specific-time", "uniform", "weighted"]),
                about: "what is waited for (delay), how is chosen (random-router)"
            ),
            SettingDetails("time", .any, about: "until when (delay)"),
            SettingDetails("timezone", .any, about: "the zone of that time (delay)"),
            SettingDetails("time_zone", .any, about: "the same"),
            SettingDetails("duration", .any, about: "how long (delay)"),
            SettingDetails("conditions", .list(.block { branch }), about: "the conditions (if)"),
            SettingDetails("if_true", .scalar, about: "the step where it holds (if)"),
            SettingDetails("if_false", .scalar, about: "the step where it does not (if)"),
            SettingDetails("operator", .scalar, about: "how input and value are compared (if)"),
            SettingDetails("value", .any, about: "what the input is compared with (if)"),
            SettingDetails("all", .list(.any), about: "conditions that all hold (if)"),
            SettingDetails("any", .list(.any), about: "conditions of which one holds (if)"),
            SettingDetails("not", .any, about: "a condition that does not hold (if)"),
            SettingDetails("otherwise", .scalar, about: "the step where nothing holds"),
            SettingDetails(
                "cases",
                .list(.block { choice }),
                about: "the values and their steps (switch)"
            ),
            SettingDetails(
                "routings",
                .list(.block { routing }),
                about: "the ways (random-router)"
            ),
            SettingDetails("where", .any, about: "the condition on ${item} (filter)"),
            SettingDetails(
                "batch_size",
                .integer(1...Int.max),
                about: "how many items at once (for-each)"
            ),
            SettingDetails(
                "failures",
                .words(["first", "collect"]),
                about: "whether the first failure ends it (for-each)"
            ),
            SettingDetails(
                "do",
                .block { map },
                about: "what is done with each item (for-each, loop, accumulate)"
            ),
            SettingDetails(
                "steps",
                .list(.block { map }),
                about: "the jobs, one after another (pipeline)"
            ),
            SettingDetails(
                "accumulator",
                .any,
                about: "what the first item begins with (accumulate)"
            ),
            SettingDetails("while", .any, about: "as long as this holds (loop)"),
            SettingDetails("until", .any, about: "until this holds (loop)"),
            SettingDetails(
                "max_iteration_count",
                .integer(1...Int.max),
                about: "how often at most (loop)"
            ),
        ],
        including: [ComponentKeys.names],
        noted: ["stream_format", "buffer_size", "spool"]
    )

    /// How a job that fails is tried again.
    static let retry: SettingMap = SettingMap(
        "retry",
        [
            SettingDetails("max_attempts", .integer(1...Int.max), about: "tries in all"),
            SettingDetails("max_attempt_count", .integer(1...Int.max), about: "the same"),
            SettingDetails(
                "max_retry_count",
                .integer(0...Int.max),
                about: "tries after the first"
            ),
            SettingDetails("delay", .duration, about: "the time between two"),
            SettingDetails("max_delay", .duration, about: "the most of it"),
            SettingDetails("backoff", .words(["fixed", "exponential"]), about: "how it grows"),
            SettingDetails(
                "on",
                .some(.scalar),
                about: "the error codes and HTTP statuses; all by default"
            ),
            SettingDetails("when", .any, about: "the condition for another try"),
        ]
    )

    /// What becomes of a job that has failed.
    static let onError: SettingMap = SettingMap(
        "on_error",
        [
            SettingDetails("output", .any, about: "what stands for the output"),
            SettingDetails("to", .scalar, about: "the step to go on with"),
        ]
    )

    /// Where a job stops for a person's answer.
    static let interrupt: SettingMap = SettingMap(
        "interrupt",
        [
            SettingDetails(
                "before",
                .either([.flag, .block { question }]),
                about: "stop before the step"
            ),
            SettingDetails("after", .either([.flag, .block { question }]), about: "stop after it"),
        ]
    )

    /// What a person is asked.
    static let question: SettingMap = SettingMap(
        "question",
        [
            SettingDetails("condition", .any, about: "only where this holds"),
            SettingDetails("message", .any, about: "the question"),
            SettingDetails("metadata", .any, about: "what stands beside it"),
        ]
    )

    /// One condition of several.
    static let branch: SettingMap = SettingMap(
        "branch",
        [
            SettingDetails("input", .any, about: "what is compared"),
            SettingDetails("operator", .scalar, about: "how"),
            SettingDetails("value", .any, about: "with what"),
            SettingDetails("all", .list(.any), about: "conditions that all hold"),
            SettingDetails("any", .list(.any), about: "conditions of which one holds"),
            SettingDetails("not", .any, about: "a condition that does not hold"),
            SettingDetails("if_true", .scalar, about: "the step where it holds"),
            SettingDetails("if_false", .scalar, about: "the step where it does not"),
        ]
    )

    /// One value of a switch.
    static let choice: SettingMap = SettingMap(
        "case",
        [
            SettingDetails("value", .any, about: "the value"),
            SettingDetails("then", .scalar, about: "the step"),
        ]
    )

    /// One way of a random router.
    static let routing: SettingMap = SettingMap(
        "routing",
        [
            SettingDetails("to", .scalar, about: "the step"),
            SettingDetails("target", .scalar, about: "the same"),
            SettingDetails("weight", .number, about: "how often, beside the others"),
        ]
    )
}
