import Foundation
import Kernel
import Language
import Metadata

/// Full-text search by taking every text apart into words.
struct ReferenceSearch {
    private let search: AuthorizedSearch
    private let state: ReferenceState

    init(_ search: AuthorizedSearch, _ state: ReferenceState) {
        self.search = search
        self.state = state
    }

    /// The records found, in the order of their ids: the reference ranks nothing.
    func ids() -> [RecordID] {
        guard search.object.traits.isSearchable else { return [] }
        let rows = ReferenceVisibility(state)
        let found = state.all(search.object)
            .filter { !search.object.isDeleted($0) && rows.allows($0, under: search.visible) }
            .map { (id: $0.id, texts: texts(of: $0)) }
            .filter { holds(search.term, $0.texts) }
        return Array(found.map(\.id).prefix(max(0, search.limit)))
    }

    /// The words of each field that is looked into.
    private func texts(of record: StoredRecord) -> [[String]] {
        search.fields.filter { $0.isSearchable && $0.valueType != .encrypted }
            .compactMap { record[$0].text }.map(Self.words)
    }

    /// Runs of letters and digits, without case and accents.
    static func words(_ text: String) -> [String] {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
            .split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private func holds(_ term: SOSLStatement.Term, _ texts: [[String]]) -> Bool {
        switch term {
        case .word(let parts):
            let pattern = ReferenceWord(parts)
            return texts.contains { pattern.stands(in: $0) }
        case .phrase(let text):
            let pattern = ReferenceWord([.text(text)])
            return texts.contains { pattern.stands(in: $0) }
        case .and(let terms):
            // A sign between words asks for nothing.
            let asking = terms.filter { !Self.isMute($0) }
            return !asking.isEmpty && asking.allSatisfy { holds($0, texts) }
        case .or(let terms): return terms.contains { holds($0, texts) }
        case .andNot(let wanted, let unwanted):
            return holds(wanted, texts) && !holds(unwanted, texts)
        case .bind: return false
        }
    }

    private static func isMute(_ term: SOSLStatement.Term) -> Bool {
        switch term {
        case .word(let parts): ReferenceWord(parts).isMute
        case .phrase(let text): words(text).isEmpty
        case .and, .or, .andNot, .bind: false
        }
    }
}

/// One word of a term, with its wild cards.
///
/// Signs inside take it apart: its pieces then stand side by side, in order.
private struct ReferenceWord {
    /// Each piece as a pattern of `LIKE`.
    private let pieces: [String]

    init(_ parts: [SOSLStatement.WordPart]) {
        // A wild card that a word begins with is passed over.
        let wanted = parts.drop { if case .text = $0 { false } else { true } }
        var pieces: [String] = []
        var isInside = false
        for part in wanted {
            switch part {
            case .text(let text):
                let words = ReferenceSearch.words(text)
                for (place, word) in words.enumerated() {
                    if place == 0, isInside, let last = pieces.popLast() {
                        pieces.append(last + word)
                    } else {
                        pieces.append(word)
                    }
                }
            case .anyCharacters, .oneCharacter:
                if let last = pieces.popLast() {
                    pieces.append(last + (part == .anyCharacters ? "%" : "_"))
                }
            }
            isInside = true
        }
        self.pieces = pieces
    }

    var isMute: Bool { pieces.isEmpty }

    func stands(in words: [String]) -> Bool {
        guard !isMute, words.count >= pieces.count else { return false }
        return (0...(words.count - pieces.count)).contains { start in
            pieces.enumerated().allSatisfy { place, piece in
                ReferencePattern(piece).matches(words[start + place])
            }
        }
    }
}
