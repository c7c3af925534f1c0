import Crypto
package import Foundation
import Metadata

/// What the operator of a deployment sees of one org on one day, and all that it sees.
///
/// Bands in place of counts, codes of closed lists in place of names. Its canonical bytes are what
/// the org is shown and what the log is committed to.
package struct UseSnapshot: Sendable, Hashable {
    package static let form = 1
    /// How many days the bands are of, the snapshot's own the last.
    package static let days = 28

    /// The org's id, in its long form.
    package let org: String
    /// Days since 1970-01-01, in UTC.
    package let day: Int32
    /// How much of the time was counted for certain, in ten thousandths.
    package let completeness: Int
    /// By names that `docs/accountability/use-register.md` lists.
    package let features: [String: UseFeature]

    init(org: String, day: Int32, completeness: Int, features: [String: UseFeature]) {
        self.org = org
        self.day = day
        self.completeness = completeness
        self.features = features
    }

    /// `2026-11-24`.
    package var date: String { UseSnapshot.date(day) }

    static func date(_ day: Int32) -> String {
        guard let date = CivilDate(daysSinceEpoch: Int(day)) else { return "\(day)" }
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }
}

// MARK: - As bytes

extension UseSnapshot {
    package var json: CanonicalJSON {
        .object([
            "form": .integer(UseSnapshot.form), "org": .string(org), "day": .integer(Int(day)),
            "completeness": .integer(completeness),
            "features": .object(features.mapValues(\.json)),
        ])
    }

    /// The bytes that are shown to the org, and hashed.
    package func bytes() throws(LogFormatError) -> Data { try json.bytes() }

    /// SHA-256 of the bytes, in hexadecimal digits.
    package func digest() throws(LogFormatError) -> String {
        SHA256.hash(data: try bytes()).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 0xf, radix: 16)
        }
        .joined()
    }

    /// Reads the bytes; any others than those that `bytes` writes are refused.
    package init(_ bytes: Data) throws(LogFormatError) {
        let wrong = LogFormatError("use snapshot", "members", "are not those of a snapshot")
        guard case .object(let members) = try CanonicalJSON(bytes),
            Set(members.keys) == ["form", "org", "day", "completeness", "features"],
            members["form"] == .integer(UseSnapshot.form),
            case .string(let org)? = members["org"], case .integer(let day)? = members["day"],
            case .integer(let completeness)? = members["completeness"],
            let day = Int32(exactly: day), 0...10_000 ~= completeness,
            case .object(let named)? = members["features"]
        else { throw wrong }
        var features: [String: UseFeature] = [:]
        for (name, value) in named {
            guard let feature = UseFeature(value) else { throw wrong }
            features[name] = feature
        }
        self.init(org: org, day: day, completeness: completeness, features: features)
    }
}

// MARK: - What has changed

extension UseSnapshot {
    /// One feature that is not what it was.
    package struct Change: Sendable, Hashable {
        package let name: String
        /// `nil` where nothing was known, or nothing is known any more.
        package let from: UseFeature?
        package let to: UseFeature?

        /// `mails: 2, now 3`.
        package var text: String {
            "\(name): \(from?.text ?? "not known"), now \(to?.text ?? "not known")"
        }
    }

    /// What is other than in an earlier snapshot, in the order of names.
    package func changes(since earlier: UseSnapshot) -> [Change] {
        Set(features.keys).union(earlier.features.keys).sorted().compactMap { name in
            let (from, to) = (earlier.features[name], features[name])
            return from == to ? nil : Change(name: name, from: from, to: to)
        }
    }
}
