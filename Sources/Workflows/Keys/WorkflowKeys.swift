package import Documents

/// The keys of workflows, as their reader takes them.
package enum WorkflowKeys {
    /// A workflow.
    package static let map: SettingMap = SettingMap(
        "workflow",
        [
            SettingDetails("default", .flag, about: "whether it is meant where none is named"),
            SettingDetails("private", .flag, about: "whether listings leave it out"),
            SettingDetails("timeout", .duration, about: "how long a run may take"),
            SettingDetails("job", .block { JobKeys.map }, about: "its only step"),
            SettingDetails(
                "jobs",
                .either([.list(.block { JobKeys.map }), .map(.block { JobKeys.map })]),
                about: "its steps: a list, or a map by id"
            ),
            SettingDetails(
                "component",
                .either([.scalar, .block { ComponentKeys.map }]),
                about: "the component of its only step"
            ),
            SettingDetails("action", .any, about: "the action of its only step"),
            SettingDetails("input", .any, about: "the input of its only step"),
            SettingDetails(
                "output",
                .any,
                about: "what the run yields; the last step's output by default"
            ),
        ],
        including: [ComponentKeys.names]
    )
}
