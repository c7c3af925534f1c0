import Metadata

/// What should be in the simulated org, in arrays and loops.
struct SimulationModel {
    struct Work {
        let id: RecordID
        let key: String
        var owner: Int
        var site: Int
        var amount: Int
        var color: String
        var isDeleted = false
        /// Whether it was ever in the recycle bin.
        var wasDeleted = false
        /// When its scheduled path falls due.
        let due: Instant
    }

    enum Access: Int, Comparable {
        case none, read, all

        static func < (left: Access, right: Access) -> Bool { left.rawValue < right.rawValue }
    }

    /// By role, the one above it.
    static let parents: [Int?] = [nil, 0, 0, 1]
    /// The roles of the users, the administrator last.
    static let roles: [Int?] = [0, 1, 2, 3, nil, nil]
    static let administrator = 5
    static let colors = ["Red", "Blue", "Green"]
    static let sites = 3

    var works: [Work] = []
    var rules = SimulationFiles.first
    /// How many works were ever made.
    var created = 0

    var living: [Int] { works.indices.filter { !works[$0].isDeleted } }

    private static func isAbove(_ role: Int?, _ other: Int?) -> Bool {
        guard let role, let other else { return false }
        var next = parents[other]
        while let above = next {
            if above == role { return true }
            next = parents[above]
        }
        return false
    }

    func access(_ user: Int, _ work: Work) -> Access {
        if user == Self.administrator || work.owner == user { return .all }
        let role = Self.roles[user]
        if Self.isAbove(role, Self.roles[work.owner]) { return .all }
        let isShown = role == 2 || Self.isAbove(role, 2)
        return work.color == rules.sharedColor && isShown ? .read : .none
    }

    func isAllowed(_ amount: Int) -> Bool { amount <= rules.limit }

    func isTaken(_ key: String) -> Bool { works.contains { $0.key == key && !$0.isDeleted } }

    /// What a user sees, one line for each work.
    func lines(_ user: Int, _ users: [RecordID]) -> [String] {
        living.map { works[$0] }.filter { access(user, $0) >= .read }
            .map {
                "\($0.key) \(users[$0.owner]) \($0.site) \($0.amount) \($0.color) "
                    + "\($0.amount > 500) \($0.amount * 2)"
            }
            .sorted()
    }

    /// Count and total of each site.
    var sums: [[Int]] {
        (0..<Self.sites).map { site in
            let amounts = living.map { works[$0] }.filter { $0.site == site }.map(\.amount)
            return [amounts.count, amounts.reduce(0, +), amounts.reduce(0, +) * 2]
        }
    }
}
