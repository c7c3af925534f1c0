/// What is wrong with a log's files, and where.
package struct LogFault: Error, Hashable, Sendable {
    package enum Problem: Hashable, Sendable {
        /// A file that the checkpoint's size needs is not there.
        case missing
        /// The file does not hold as much as the checkpoint's size says.
        case wrongLength
        /// The file is not in its format.
        case malformed(LogFormatError)
        /// The entry's hash is not the one that the tile of hashes has for it.
        case entryNotInTree
        /// A hash is not the one of what lies below it.
        case wrongHash
        /// A smaller tile does not begin the larger one.
        case notABeginning
        /// The tree of all entries has another root than the checkpoint says.
        case wrongRoot
        /// The log is named otherwise than the one that was asked about.
        case wrongOrigin
        /// The log has not signed the checkpoint.
        case notSignedByLog
        /// A signature of a known key is not one of this text.
        case wrongSignature(name: String)
        /// A signature by a key that was not given, where none is accepted.
        case unknownSignature(name: String)
        /// Fewer witnesses than the policy asks for have cosigned.
        case tooFewWitnesses(found: Int, needed: Int)
        /// The log is smaller than, or differs from, a checkpoint that was seen before.
        case notAnExtension(ofSize: Int)
    }

    /// The file, by its path below the log's prefix.
    package let path: String
    /// The entry or hash that is wrong, counted through the whole log or level.
    package let index: Int?
    package let problem: Problem

    package init(_ path: String, index: Int? = nil, _ problem: Problem) {
        self.path = path
        self.index = index
        self.problem = problem
    }
}

extension LogFault: CustomStringConvertible {
    package var description: String {
        let place = index.map { "`\(path)`, index \($0)" } ?? "`\(path)`"
        return "\(place): \(problem)"
    }
}

extension LogFault.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "is missing"
        case .wrongLength: "does not hold what the checkpoint's size needs"
        case .malformed(let error): "\(error)"
        case .entryNotInTree: "the entry's hash is not the tree's"
        case .wrongHash: "the hash is not that of what lies below it"
        case .notABeginning: "differs from the larger tile of its place"
        case .wrongRoot: "the entries lead to another root"
        case .wrongOrigin: "is of another log"
        case .notSignedByLog: "is not signed by the log"
        case .wrongSignature(let name): "the signature of `\(name)` is not one of this text"
        case .unknownSignature(let name): "`\(name)` signed with a key that is not known"
        case .tooFewWitnesses(let found, let needed):
            "\(found) of the witnesses have cosigned, \(needed) must"
        case .notAnExtension(let size):
            "the log does not begin with the \(size) entries it had before"
        }
    }
}
