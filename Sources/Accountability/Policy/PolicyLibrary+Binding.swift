package import Metadata

extension PolicyLibrary {
    /// The same policies as far as they bind: the log decides what everybody could know, and since
    /// when.
    ///
    /// A version that the log does not tell of, or tells of otherwise, is a draft, whatever its file
    /// says.
    ///
    /// - Parameters:
    ///   - published: every version that the log tells of.
    ///   - accepted: what the org in question has accepted, each with its moment. The founding
    ///     version binds it from then on, where it would else begin later.
    package func binding(
        by published: [PublicPolicy],
        accepted: [PolicyAcceptanceKey: Instant] = [:]
    ) -> PolicyLibrary {
        PolicyLibrary(
            documents: documents.map { document in
                document.with(
                    versions: document.versions.map { version in
                        let key = PolicyAcceptanceKey(
                            document: document.key,
                            version: version.name
                        )
                        return version.with(
                            calendar: version.calendar(
                                binding: published.last {
                                    $0.document == document.key && $0.version == version.name
                                },
                                accepted: accepted[key]
                            )
                        )
                    }
                )
            },
            rules: rules,
            registerRules: registerRules,
            cards: cards,
            handling: handling
        )
    }
}

extension PolicyVersion {
    /// The calendar that counts, given what the log says of the version.
    fileprivate func calendar(binding entry: PublicPolicy?, accepted: Instant?) -> Calendar {
        guard let entry, isPublished(as: entry) else {
            return Calendar(
                commentFrom: calendar.commentFrom,
                commentUntil: calendar.commentUntil,
                publishedOn: nil,
                effectiveFrom: nil,
                repealedOn: nil
            )
        }
        guard isFounding else { return calendar }
        let begin = accepted.map { min($0, entry.effectiveFrom) } ?? entry.effectiveFrom
        return Calendar(
            commentFrom: calendar.commentFrom,
            commentUntil: calendar.commentUntil,
            publishedOn: entry.publishedAt,
            effectiveFrom: max(begin, entry.publishedAt),
            repealedOn: calendar.repealedOn
        )
    }

    /// Whether the log's entry is of this text, with these rules and days.
    ///
    /// A founding version has the days of the deployment that it founds, which are no earlier than
    /// the file's.
    package func isPublished(as entry: PublicPolicy) -> Bool {
        guard entry.digest == digest, Set(entry.rules) == Set(rules.map(\.description)),
            let published = calendar.publishedOn, let begin = calendar.effectiveFrom
        else { return false }
        return isFounding
            ? published <= entry.publishedAt && begin <= entry.effectiveFrom
            : published == entry.publishedAt && begin == entry.effectiveFrom
    }

    /// When the version begins where it is published at a moment.
    ///
    /// - Parameter hasOrgs: whether there are orgs that it could surprise.
    package func calendar(publishedAt moment: Instant, hasOrgs: Bool) -> Calendar {
        guard isFounding else { return calendar }
        let notice = hasOrgs ? PolicyVersion.announcementDays : 0
        let first = LogCalendar.adding(days: notice, to: moment)
        return Calendar(
            commentFrom: calendar.commentFrom,
            commentUntil: calendar.commentUntil,
            publishedOn: moment,
            effectiveFrom: max(first, calendar.effectiveFrom ?? first),
            repealedOn: calendar.repealedOn
        )
    }

    package func with(calendar: Calendar) -> PolicyVersion {
        PolicyVersion(
            name: name,
            file: file,
            text: text,
            rules: rules,
            reason: reason,
            proposedBy: proposedBy,
            isFounding: isFounding,
            calendar: calendar,
            approvals: approvals,
            pinnedText: pinnedText,
            pinnedRules: pinnedRules,
            source: source
        )
    }
}

extension PolicyDocument {
    fileprivate func with(versions: [PolicyVersion]) -> PolicyDocument {
        PolicyDocument(
            key: key,
            title: title,
            kind: kind,
            owner: owner,
            appliesTo: appliesTo,
            versions: versions,
            source: source
        )
    }
}
