/// A held callback's record, and who pays for it.
struct HeldItem {
    let record: CallbackRecord
    let listener: Int
}
