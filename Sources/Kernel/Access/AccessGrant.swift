package import Metadata

/// One reason for which a caller may do something with some rows of an object.
package struct AccessGrant: Sendable {
    package enum Source: Sendable, Hashable {
        case system
        case modifyAllData
        case viewAllData
        case modifyAllRecords
        case viewAllRecords
        case orgWideDefault(ObjectDefinition.SharingModel, isExternal: Bool)
        /// The user's own user record.
        case oneself
        case owner
        /// A queue that the caller is in.
        case queue
        /// Someone below in the role hierarchy, or a queue of theirs.
        case ownerBelow
        case ownerRule(APIName)
        case criteriaRule(APIName)
        /// A share of the record, manual or of a team.
        case share
        /// The owner of the parent, by what their role brings.
        case parentOwner(field: APIName)
        /// A share of the parent that brings its children.
        case parentShare(field: APIName)
        /// A child record that was given to the caller.
        case child(object: APIName, field: APIName)
        case sharingSet(APIName)
        /// The record that controls it.
        case controllingParent(field: APIName)
    }

    package let source: Source
    package let rows: RowPredicate

    init(_ source: Source, _ rows: RowPredicate) {
        self.source = source
        self.rows = rows
    }

    /// Whether it is given to this caller, rather than to everyone.
    var isPersonal: Bool {
        switch source {
        case .owner, .queue, .ownerBelow, .ownerRule, .criteriaRule, .share, .sharingSet: true
        case .system, .modifyAllData, .viewAllData, .modifyAllRecords, .viewAllRecords,
            .orgWideDefault, .oneself, .parentOwner, .parentShare, .child, .controllingParent:
            false
        }
    }
}

extension RowPredicate {
    /// The rows of any of these: lists of ids and of keys become one each.
    static func union(_ parts: [RowPredicate]) -> RowPredicate {
        var rest: [RowPredicate] = []
        for part in parts.flatMap(\.alternatives) {
            switch part {
            case .nothing: continue
            case .everything: return .everything
            case .fieldIn(let key, let ids):
                let place = rest.firstIndex { other in
                    if case .fieldIn(let known, _) = other { known == key } else { false }
                }
                if let place, case .fieldIn(_, let known) = rest[place] {
                    rest[place] = .fieldIn(key, Array(Set(known).union(ids)).sorted())
                } else if !ids.isEmpty {
                    rest.append(part)
                }
            case .shared(let key, let lookup):
                let place = rest.firstIndex { other in
                    guard case .shared(let known, let shares) = other else { return false }
                    return known == key && shares.looksLike(lookup)
                }
                if let place, case .shared(_, let known) = rest[place] {
                    let keys = Array(Set(known.keys).union(lookup.keys)).sorted()
                    rest[place] = .shared(key, known.with(keys: keys))
                } else if !lookup.keys.isEmpty {
                    rest.append(part)
                }
            case .fieldIsNull, .textIn, .parentVisible, .childVisible, .condition, .any, .all:
                if !rest.contains(part) { rest.append(part) }
            }
        }
        switch rest.count {
        case 0: return .nothing
        case 1: return rest[0]
        default: return .any(rest)
        }
    }

    private var alternatives: [RowPredicate] {
        if case .any(let parts) = self { parts.flatMap(\.alternatives) } else { [self] }
    }

    /// The rows of all of these.
    static func intersection(_ parts: [RowPredicate]) -> RowPredicate {
        let rest = parts.filter { $0 != .everything }
        if rest.contains(.nothing) { return .nothing }
        switch rest.count {
        case 0: return .everything
        case 1: return rest[0]
        default: return .all(rest)
        }
    }
}
