internal import Documents
struct PlanBuilding {
    let settings: PlanSettings
    let diagnostics: Diagnostics
    mutating func build(_ document: Node) -> PlanSet { PlanSet(workflows: [], components: [], defaultWorkflow: nil, waits: []) }
}
