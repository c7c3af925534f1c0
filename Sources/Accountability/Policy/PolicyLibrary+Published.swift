package import Metadata

extension PolicyLibrary {
    /// Where the files and the log do not agree: the files say what a policy is, the log says that
    /// everybody could know it.
    ///
    /// - Parameter published: every version that the log tells of.
    package func discrepancies(
        with published: [PublicPolicy],
        at moment: Instant
    ) -> [String] {
        var found = published.flatMap { entry in discrepancies(with: entry) }
        for document in documents {
            for version in document.versions {
                let state = document.state(of: version, at: moment)
                guard state != .draft, state != .comment else { continue }
                let isThere = published.contains {
                    $0.document == document.key && $0.version == version.name
                }
                if !isThere {
                    found.append(
                        "\(document.key) \(version.name) is not in the log: it binds nobody"
                    )
                }
            }
        }
        return found
    }

    private func discrepancies(with entry: PublicPolicy) -> [String] {
        let name = "\(entry.document) \(entry.version)"
        guard let version = document(entry.document)?.version(entry.version) else {
            return ["\(name) is in the log, and there is no file of it"]
        }
        var found: [String] = []
        if entry.digest != version.digest {
            found.append("\(name): the text is not the one that was published")
        }
        if Set(entry.rules) != Set(version.rules.map(\.description)) {
            found.append("\(name): the rules are not those that were published")
        }
        let (begin, day) = (version.calendar.effectiveFrom, version.calendar.publishedOn)
        // A founding text is published on the day on which a deployment begins to have a policy.
        let isLater = version.isFounding
        if begin.map({ isLater ? entry.effectiveFrom < $0 : entry.effectiveFrom != $0 }) ?? true {
            found.append("\(name): it begins on another day than was published")
        }
        if day.map({ isLater ? entry.publishedAt < $0 : entry.publishedAt != $0 }) ?? true {
            found.append("\(name): it was published on another day")
        }
        return found
    }
}
