/// How a word sounds in English, roughly: Philips' Metaphone of 1990.
///
/// Words that sound alike have one code: `smith` and `smyth` are `SM0`, `catherine` and `katherine`
/// `K0RN`.
package enum Metaphone {
    /// The code of a folded word; empty for one that has other letters than `a` to `z`.
    package static func code(_ word: [Unicode.Scalar]) -> String {
        guard !word.isEmpty, word.count <= Similarity.lengthMax,
            word.allSatisfy({ $0 >= "a" && $0 <= "z" })
        else { return "" }
        var reading = Reading(simplified(word))
        return reading.code()
    }

    /// Without silent beginnings and doubled letters.
    private static func simplified(_ word: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var letters = word
        switch MatchText.string(word.prefix(2)) {
        case "ae", "gn", "kn", "pn", "wr": letters.removeFirst()
        case "wh": letters.remove(at: 1)
        default: if letters.first == "x" { letters[0] = "s" }
        }
        var result: [Unicode.Scalar] = []
        for letter in letters where letter == "c" || result.last != letter {
            result.append(letter)
        }
        return result
    }
}

/// One pass over a word.
private struct Reading {
    private let letters: [Unicode.Scalar]
    private var place = 0
    private var result = ""

    init(_ letters: [Unicode.Scalar]) {
        self.letters = letters
    }

    mutating func code() -> String {
        while place < letters.count {
            read(letters[place])
            place += 1
        }
        return result
    }

    private func at(_ offset: Int) -> Unicode.Scalar? {
        let index = place + offset
        return letters.indices.contains(index) ? letters[index] : nil
    }

    private func isVowel(_ offset: Int) -> Bool {
        at(offset).map { "aeiou".unicodeScalars.contains($0) } ?? false
    }

    private func isFront(_ offset: Int) -> Bool {
        at(offset).map { "eiy".unicodeScalars.contains($0) } ?? false
    }

    private func follows(_ text: String) -> Bool {
        zip(text.unicodeScalars, 0...).allSatisfy { at($1) == $0 }
    }

    private mutating func read(_ letter: Unicode.Scalar) {
        switch letter {
        case "a", "e", "i", "o", "u":
            if place == 0 { result.append(Character(letter).uppercased()) }
        case "b": if !(at(-1) == "m" && at(1) == nil) { result += "B" }
        case "c": readC()
        case "d":
            if at(1) == "g" && isFront(2) {
                result += "J"
                place += 1
            } else if at(1) != "t" {
                result += "T"
            }
        case "g": readG()
        case "h":
            let isMute = at(-1).map { "csptg".unicodeScalars.contains($0) } ?? false
            if isVowel(1) && !isMute { result += "H" }
        case "k": if at(-1) != "c" { result += "K" }
        case "p":
            result += at(1) == "h" ? "F" : "P"
        case "q": result += "K"
        case "s": readS()
        case "t": readT()
        case "v": result += "F"
        case "w", "y": if isVowel(1) { result += letter == "w" ? "W" : "Y" }
        case "x": result += "KS"
        case "z": result += "S"
        default: result += Character(letter).uppercased()
        }
    }

    private mutating func readC() {
        if follows("cia") {
            result += "X"
        } else if at(1) == "h" {
            result += at(-1) == "s" || place == 0 && !isVowel(2) ? "K" : "X"
            place += 1
        } else if isFront(1) {
            if at(-1) != "s" { result += "S" }
        } else {
            result += "K"
        }
    }

    private mutating func readG() {
        if at(1) == "h" {
            // Mute before a consonant and at the end: `knight`, `though`.
            guard place == 0 || isVowel(2) else {
                place += 1
                return
            }
            result += "K"
            place += 1
        } else if at(1) == "n" {
            let isMute = at(2) == nil || follows("gned") && at(4) == nil
            if !isMute { result += "K" }
        } else if isFront(1) && at(-1) != "g" {
            result += "J"
        } else {
            result += "K"
        }
    }

    private mutating func readS() {
        if at(1) == "h" {
            result += "X"
            place += 1
        } else if follows("sio") || follows("sia") {
            result += "X"
        } else if follows("sch") {
            result += "SK"
            place += 2
        } else {
            result += "S"
        }
    }

    private mutating func readT() {
        if follows("tia") || follows("tio") {
            result += "X"
        } else if at(1) == "h" {
            result += "0"
            place += 1
        } else if !follows("tch") {
            result += "T"
        }
    }
}
