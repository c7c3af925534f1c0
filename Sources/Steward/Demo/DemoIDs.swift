/// The ids, as text, that records were given so far; later records refer to them.
struct DemoIDs: Sendable {
    let administrator: String
    /// In the order of the org's users.
    var users: [String] = []
    /// By developer name.
    var queues: [String: String] = [:]
    var recordTypes: [String: String] = [:]
    /// In the order in which the data has them.
    var accounts: [String] = []
    var contacts: [String] = []
    var cases: [String] = []

    init(administrator: String) {
        self.administrator = administrator
    }
}

extension [String] {
    /// The id at a position; `nil` for one that is not known yet.
    func id(at index: Int?) -> String? {
        guard let index, indices.contains(index) else { return nil }
        return self[index]
    }
}
