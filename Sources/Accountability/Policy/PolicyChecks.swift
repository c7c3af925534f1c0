package import Metadata

/// What is wrong with policies that can be read: a policy with any of it is not published.
package struct PolicyChecks: Sendable {
    /// The years of school that a published text may ask for.
    package static let textGradeMax = 9.0
    /// The same of a rule's own text, which is short and so swings more.
    package static let ruleGradeMax = 12.0

    let library: PolicyLibrary

    package init(_ library: PolicyLibrary) {
        self.library = library
    }

    /// Every problem there is, in the order of the files.
    package func problems() -> [PackageProblem] {
        var found: [PackageProblem] = []
        for document in library.documents { found += problems(of: document) }
        found += identityProblems()
        for rule in library.rules { found += problems(of: rule) }
        for rule in library.registerRules { found += problems(of: rule) }
        for card in library.cards { found += problems(of: card) }
        if let handling = library.handling { found += problems(of: handling) }
        return found
    }

    /// An id stands for one rule and a version for one text, and versions have no gaps.
    private func identityProblems() -> [PackageProblem] {
        let sources =
            library.rules.map { ($0.reference, $0.source) }
            + library.registerRules.map { ($0.reference, $0.source) }
        var found: [PackageProblem] = []
        var seen: Set<RuleReference> = []
        for (reference, source) in sources {
            if !seen.insert(reference).inserted {
                found.append(source.problem("\(reference) stands twice", at: "rule"))
            }
            let former = RuleReference(id: reference.id, version: reference.version - 1)
            if reference.version > 1, !sources.contains(where: { $0.0 == former }) {
                found.append(
                    source.problem(
                        "\(reference) needs \(former) beside it, in \(former).yaml: decisions "
                            + "of the past name it",
                        at: "version"
                    )
                )
            }
        }
        return found
    }
}

// MARK: - Versions

extension PolicyVersion {
    /// The fewest days on which a version can be commented on.
    package static let commentDays = 30
    /// The fewest days between a version's publication and its beginning.
    package static let announcementDays = 30
}

extension PolicyChecks {
    func problems(of document: PolicyDocument) -> [PackageProblem] {
        var found: [PackageProblem] = []
        if Set(document.versions.map(\.name)).count < document.versions.count {
            found.append(document.source.problem("a version stands twice", at: "versions"))
        }
        for (place, version) in document.versions.enumerated() {
            let former = place > 0 ? document.versions[place - 1] : nil
            found += calendarProblems(of: version, after: former)
            found += contentProblems(of: version, in: document)
        }
        return found
    }

    private func calendarProblems(
        of version: PolicyVersion,
        after former: PolicyVersion?
    ) -> [PackageProblem] {
        let calendar = version.calendar
        let source = version.source
        var found: [PackageProblem] = []
        func expect(_ holds: Bool, _ message: String, _ key: String) {
            if !holds { found.append(source.problem(message, at: key)) }
        }
        if let begin = calendar.effectiveFrom, let last = former?.calendar.effectiveFrom {
            expect(last < begin, "it begins before the version that it follows", "effectiveFrom")
        }
        guard let published = calendar.publishedOn else {
            expect(
                calendar.effectiveFrom == nil,
                "it cannot begin before it is published",
                "effectiveFrom"
            )
            return found
        }
        guard let begin = calendar.effectiveFrom else {
            expect(false, "what is published says when it begins", "publishedOn")
            return found
        }
        expect(published <= begin, "no policy is retroactive", "effectiveFrom")
        let bodies = Set(version.approvals.filter { $0.on <= published }.map(\.body))
        expect(bodies.count >= 2, "two bodies approve it before it is published", "approvals")
        if version.isFounding {
            expect(former == nil, "only the first version founds a deployment", "founding")
            expect(isFirst(published), "other policies were published before it", "founding")
        } else {
            found += windowProblems(of: version, published, begin)
        }
        return found
    }

    /// Everybody has time to comment, and then to prepare.
    private func windowProblems(
        of version: PolicyVersion,
        _ published: Instant,
        _ begin: Instant
    ) -> [PackageProblem] {
        var found: [PackageProblem] = []
        let opened = version.calendar.commentFrom
        let closed = version.calendar.commentUntil
        let window = opened.flatMap { opened in closed.map { opened.days(until: $0) } } ?? 0
        if window < PolicyVersion.commentDays {
            found.append(
                version.source.problem(
                    "it can be commented on for \(PolicyVersion.commentDays) days, not \(window)",
                    at: "commentUntil"
                )
            )
        }
        if let closed, published < closed {
            found.append(
                version.source.problem(
                    "it is published while it can still be commented on",
                    at: "publishedOn"
                )
            )
        }
        let notice = published.days(until: begin)
        if notice < PolicyVersion.announcementDays {
            found.append(
                version.source.problem(
                    "it begins \(PolicyVersion.announcementDays) days after its publication, "
                        + "not \(notice)",
                    at: "effectiveFrom"
                )
            )
        }
        return found
    }

    /// Whether nothing was published before a moment.
    private func isFirst(_ moment: Instant) -> Bool {
        !library.documents.flatMap(\.versions).contains { version in
            version.calendar.publishedOn.map { $0 < moment } ?? false
        }
    }

    private func contentProblems(
        of version: PolicyVersion,
        in document: PolicyDocument
    ) -> [PackageProblem] {
        var found: [PackageProblem] = []
        let years = ReadingGrade(of: version.text).years
        if years > PolicyChecks.textGradeMax {
            found.append(
                version.source.problem(
                    "\(version.file) asks for \(years.rounded()) years of school; "
                        + "\(PolicyChecks.textGradeMax) are the most",
                    at: "text"
                )
            )
        }
        for reference in version.rules where library.rule(reference) == nil {
            found.append(version.source.problem("there is no rule \(reference)", at: "rules"))
        }
        if Set(version.rules.map(\.id)).count < version.rules.count {
            found.append(version.source.problem("a rule stands in it twice", at: "rules"))
        }
        guard version.calendar.publishedOn != nil else { return found }
        return found + pinProblems(of: version)
    }

    /// What is published does not change: the digests that it was published with still hold.
    private func pinProblems(of version: PolicyVersion) -> [PackageProblem] {
        var found: [PackageProblem] = []
        if version.pinnedText != version.digest {
            found.append(
                version.source.problem(
                    "\(version.file) is not the text that was published; a change is a new "
                        + "version (digest \(version.digest))",
                    at: "digest"
                )
            )
        }
        for rule in library.rules where version.rules.contains(rule.reference) {
            let digest = PolicyDigest.of(rule)
            guard version.pinnedRules[rule.reference.description] != digest else { continue }
            let next = RuleReference(id: rule.reference.id, version: rule.reference.version + 1)
            found.append(
                version.source.problem(
                    "\(rule.reference) is not the rule that was published; a change is \(next) "
                        + "(digest \(digest))",
                    at: "ruleDigests"
                )
            )
        }
        return found
    }
}

extension Instant {
    /// Whole days, cut.
    func days(until other: Instant) -> Int {
        Int((other.milliseconds - milliseconds) / CivilDate.millisecondsPerDay)
    }
}
