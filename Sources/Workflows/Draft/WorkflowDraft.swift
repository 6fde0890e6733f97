internal import Documents
internal import Primitives

// From the configuration to a run a workflow takes three forms:
//
//     the tree of the document ── a dialect reads ──> draft ── the compiler ──> plan ── the run machine ──> run
//
// A dialect (Dialects/) knows how people write: its keys, its spellings, what it takes and refuses. It decides what each
// key means and says what is written wrongly. The draft has the result: steps with what they do, names that lead to other
// steps, values with expressions, each with the place where it is written. Nothing in it is resolved: a name may lead
// nowhere, an expression may be nonsense, steps may wait for each other in a circle.
//
// The compiler (Compile/) makes a plan of a draft, whichever dialect it came from: it compiles the expressions with what
// the dialect lets them name, finds what names lead to, works out the order, and refuses what cannot run. It knows no key
// of any dialect. A further dialect is therefore a folder beside Dialects/Jobs, and one line in ``WorkflowDialects``.
//
// Not the draft's business: components, which are the same for all dialects and are compiled before the workflows; and
// what a run does, which is in the plan alone.

/// One workflow as a dialect has read it: nothing in it is resolved or compiled.
struct WorkflowDraft {
    /// What its expressions may name, and how they are written.
    let rules: DialectRules
    let id: String
    let title: String?
    let description: String?
    let isDefault: Bool
    let isPrivate: Bool
    /// The bound of a whole run; nil for none.
    let timeout: Nanoseconds?
    /// The workflow's own steps, in the order written.
    let steps: [StepDraft]
    let output: Written?
    /// Where it is written.
    let position: SourcePosition
}
