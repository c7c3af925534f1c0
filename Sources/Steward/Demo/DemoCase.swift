/// What is decided of a case before anything is written about it.
struct DemoCase {
    enum Status: String {
        case new = "New"
        case working = "Working"
        case escalated = "Escalated"
        case closed = "Closed"
    }

    enum Asker {
        /// The position of a contact.
        case contact(Int)
        /// Somebody whom nobody knows yet.
        case stranger
    }

    let index: Int
    /// The position in the org's matters.
    let matter: Int
    /// The position in the matter's stories.
    let story: Int
    let department: String
    let team: Int
    let neighborhood: Int
    let place: DemoPlace
    let asker: Asker
    let priority: String
    let origin: String
    let created: Int64
    /// When an agent took it up; `nil` while it waits.
    let response: Int64?
    let closed: Int64?
    /// The last change.
    let modified: Int64
    let status: Status
    let isEscalated: Bool
    /// The position in the org's users of who works on it; `nil` while nobody does.
    let agent: Int?
    /// The supervisor, where they took it over.
    let owner: Int?
    let commentCount: Int
    let hasTask: Bool
    let hasAppointment: Bool
}
