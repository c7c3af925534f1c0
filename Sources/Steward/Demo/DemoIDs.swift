import Metadata

/// The ids that records were given so far; later records refer to them.
struct DemoIDs: Sendable {
    /// As text.
    let administrator: String
    /// In the order of the org's users.
    var users: [RecordID] = []
    /// As text, by developer name.
    var queues: [String: String] = [:]
    var recordTypes: [String: String] = [:]
    /// In the order in which the data has them.
    var accounts: [RecordID] = []
    var contacts: [RecordID] = []
    var cases: [RecordID] = []

    init(administrator: String) {
        self.administrator = administrator
    }
}

extension [RecordID] {
    /// The id at a position, as text; `nil` for one that is not known yet.
    func id(at index: Int?) -> String? {
        guard let index, indices.contains(index) else { return nil }
        return self[index].description
    }
}
