import Accountability
import Foundation

/// The private keys by which letters' tokens are signed: `keys/letters/L-0001.key`.
struct LetterKeyFiles {
    private let folder: URL

    init(_ data: DataFolder) {
        folder = data.url.appending(path: "keys/letters", directoryHint: .isDirectory)
    }

    func key(of letter: String, isNew: Bool) throws -> LetterKey? {
        // The number comes from a path of a request: nothing else may become a name of a file.
        guard letter.hasPrefix("L-"), letter.dropFirst(2).allSatisfy(\.isNumber),
            letter.utf8.count <= 20
        else { return nil }
        let file = folder.appending(path: "\(letter).key")
        if let secret = try? Data(contentsOf: file) { return try LetterKey(secret: secret) }
        guard isNew else { return nil }
        let key = try LetterKey()
        try SecretFile.make(key.secret, at: file)
        return key
    }
}
