/// A key with its place in the table.
struct KeyPlace {
    let key: WaitKey
    let form: KeyForm
    let shard: Int
}
