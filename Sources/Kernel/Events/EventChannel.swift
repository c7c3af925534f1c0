package import Metadata

/// Which events a subscriber wants.
package enum EventChannel: Sendable, Hashable {
    /// Changes of every object of which the subscriber may hear.
    case allChanges
    case changes(of: APIName)
    case platformEvent(APIName)

    /// Reads a channel as clients name it: `/data/ChangeEvents`, `/data/AccountChangeEvent`,
    /// `/data/Site__ChangeEvent`, `/event/Order_Shipped__e`; `nil` where it is none.
    package init?(_ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0].isEmpty else { return nil }
        switch parts[1] {
        case "event" where parts[2].lowercased().hasSuffix("__e"):
            self = .platformEvent(APIName(parts[2]))
        case "data":
            if parts[2] == "ChangeEvents" {
                self = .allChanges
                return
            }
            guard parts[2].hasSuffix("ChangeEvent") else { return nil }
            let stem = String(parts[2].dropLast("ChangeEvent".count))
            guard !stem.isEmpty else { return nil }
            self = .changes(of: APIName(stem.hasSuffix("__") ? stem + "c" : stem))
        default: return nil
        }
    }

    /// The channel on which an object's changes are told.
    package static func path(ofChangesOf object: APIName) -> String {
        let stem = object.isCustom ? String(object.text.dropLast()) : object.text
        return "/data/\(stem)ChangeEvent"
    }

    func takes(_ entry: OutboxEntry) -> Bool {
        switch self {
        case .allChanges: entry.kind == .change
        case .changes(let object): entry.kind == .change && entry.object == object
        case .platformEvent(let object): entry.kind == .platformEvent && entry.object == object
        }
    }
}

/// From where a subscriber reads.
package enum ReplayPosition: Sendable, Hashable {
    /// What is told from now on: `-1`.
    case latest
    /// All that is kept: `-2`.
    case earliest
    /// What comes behind the event of this replay id.
    case after(Int64)

    package init(_ number: Int64) {
        switch number {
        case -1: self = .latest
        case -2: self = .earliest
        default: self = .after(number)
        }
    }
}

/// An event as one subscriber may see it.
package struct PublishedEvent: Sendable, Hashable {
    package let replayID: Int64
    package let object: APIName
    package let committedAt: Instant
    /// What clients call the payload: of a change its header and the fields, of a platform event its
    /// fields.
    package let payload: JSONObject
}

/// Events in order, and from where to go on.
package struct EventPage: Sendable, Hashable {
    package let events: [PublishedEvent]
    /// The replay id of the last entry that was looked at, whether or not it was for this subscriber.
    package let position: Int64
    /// Whether there are more entries behind the position.
    package let hasMore: Bool
}
